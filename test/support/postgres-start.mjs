import { PostgresServer } from './postgres.ts';

/** One PostgreSQL server for all test files; each makes its own database in it. */
export default async function start() {
  PostgresServer.sweep();
  globalThis.sharedPostgres = await PostgresServer.start();
  process.env.TEST_POSTGRES_URL = globalThis.sharedPostgres.url();
}
