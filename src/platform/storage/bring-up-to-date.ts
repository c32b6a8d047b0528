import { openPostgres } from './postgres.js';
import { openSqlite } from './sqlite.js';

/**
 * Brings the schema of the configured database up to date and lets go of it. Returns the names of the migrations that
 * ran, in their order. Rejects with why it could not, or with what is wrong with the database.
 */
export async function bringUpToDate(data: {
  readonly url: URL | undefined;
  readonly directory: string;
}): Promise<readonly string[]> {
  const database =
    data.url === undefined ? await openSqlite(data.directory) : await openPostgres(data.url.href);
  await database.close();
  return database.migrated;
}
