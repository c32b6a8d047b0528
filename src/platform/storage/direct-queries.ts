import {
  DefaultQueryExecutor,
  DummyDriver,
  Kysely,
  type CompiledQuery,
  type Dialect,
  type DialectAdapter,
  type QueryCompiler,
  type QueryResult,
} from 'kysely';
import type { Tables } from './tables.js';

/** Hands a statement to the database at once, in the call itself, and tells what it comes to. */
export type Run = (text: string, values: readonly unknown[]) => Promise<QueryResult<unknown>>;

/**
 * Makes Kyselys that hand their queries to a function. Kysely's own way to a connection waits for the answer to
 * each query, and takes longer than many of them run. They know no transactions, and do not stream.
 */
export function directQueries(dialect: Dialect): (run: Run) => Kysely<Tables> {
  const compiler = dialect.createQueryCompiler();
  const adapter = dialect.createAdapter();
  const driver = new DummyDriver();
  return (run) =>
    new Kysely({ config: { dialect }, dialect, driver, executor: new Direct(compiler, adapter, run) });
}

/** The same, but for what comes after a failure: SQLite may have ended the transaction with it. */
export function untilOneFails(run: Run): Run {
  let failed = false;
  return async (text, values) => {
    if (failed) throw new Error('a statement before this one has failed');
    try {
      return await run(text, values);
    } catch (error) {
      failed = true;
      throw error;
    }
  };
}

class Direct extends DefaultQueryExecutor {
  constructor(
    compiler: QueryCompiler,
    adapter: DialectAdapter,
    private readonly run: Run,
  ) {
    super(compiler, adapter, { provideConnection: () => Promise.reject(new Error('it has no connection')) });
  }

  override executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    return this.run(sql, parameters) as Promise<QueryResult<Row>>;
  }
}
