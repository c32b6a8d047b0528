import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type * as CheckpointsModule from '../../src/platform/audit/checkpoints.js';
import type * as PostgresModule from '../../src/platform/storage/postgres.js';
import type * as SqlStoresModule from '../../src/platform/stores/sql-stores.js';
import type * as SqliteStoresModule from '../../src/platform/stores/sqlite-stores.js';
import type { Stores } from '../../src/platform/stores/stores.js';
import { aDatabase, query } from './postgres.js';

// The built product: SQLite runs in worker threads, which have no test transform.
export async function built<Module>(path: string): Promise<Module> {
  return (await import(`../../dist/platform/${path}.js`)) as Module;
}
const { openSqliteStores } = await built<typeof SqliteStoresModule>('stores/sqlite-stores');
const { sqlStores } = await built<typeof SqlStoresModule>('stores/sql-stores');
const { CheckpointSigner } = await built<typeof CheckpointsModule>('audit/checkpoints');
export const { openPostgres } = await built<typeof PostgresModule>('storage/postgres');

/** Signs the checkpoints of every store. */
export const { privateKey } = generateKeyPairSync('ed25519');
const REPLICA = 'replica-1';
const directories: string[] = [];

/** A kind of database: `place` is a data directory or a database's URL. */
export interface StoreKind {
  readonly name: 'SQLite' | 'PostgreSQL';
  readonly place: () => Promise<string>;
  readonly open: (place: string) => Promise<Stores>;
  /** Runs a statement behind the stores' back. */
  readonly run: (place: string, statement: string) => Promise<Record<string, unknown>[]>;
}

export const STORE_KINDS: readonly StoreKind[] = [
  {
    name: 'SQLite',
    place: () => Promise.resolve(aDirectory()),
    open: (directory) =>
      openSqliteStores({
        directory,
        signingKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        replica: REPLICA,
      }),
    run: (directory, statement) => Promise.resolve(runSqlite(directory, statement)),
  },
  {
    name: 'PostgreSQL',
    place: aDatabase,
    open: async (url) => sqlStores(await openPostgres(url), new CheckpointSigner(privateKey, REPLICA)),
    run: query,
  },
];

/** Removes what the SQLite stores of this file were kept in. */
export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

/** A directory of its own, until `removeDirectories`. */
export function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-store-'));
  directories.push(directory);
  return directory;
}

function runSqlite(directory: string, statement: string): Record<string, unknown>[] {
  const database = new SQLite(join(directory, 'surehand.db'));
  try {
    const prepared = database.prepare(statement);
    if (prepared.reader) return prepared.all() as Record<string, unknown>[];
    prepared.run();
    return [];
  } finally {
    database.close();
  }
}
