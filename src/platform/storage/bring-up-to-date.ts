import type { Database } from './database.js';
import { openSqlite } from './sqlite.js';

/**
 * Brings the schema of the configured database up to date and lets go of it. Returns the names of the migrations that
 * ran, in their order. Rejects with why it could not, or with what is wrong with the database.
 */
export async function bringUpToDate(data: {
  readonly url: URL | undefined;
  readonly directory: string;
}): Promise<readonly string[]> {
  const database = data.url === undefined ? await openSqlite(data.directory) : await openOnPostgres(data.url);
  await database.close();
  return database.migrated;
}

/** In a file of the bundle of its own, as for a gateway. */
async function openOnPostgres({ href }: URL): Promise<Database> {
  const { openPostgres } = await import('./postgres.js');
  return await openPostgres(href);
}
