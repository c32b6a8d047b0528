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

/**
 * Runs the statements of one transaction: none after one that is known to have failed, since SQLite may have ended the
 * transaction with it, and none after its end.
 */
export class Statements {
  private over: string | undefined;

  constructor(private readonly send: Run) {}

  readonly run: Run = async (text, values) => {
    if (this.over !== undefined) throw new Error(this.over);
    try {
      return await this.send(text, values);
    } catch (error) {
      this.over ??= 'a statement before this one has failed';
      throw error;
    }
  };

  /** Whatever comes later would be on its own. */
  end(): void {
    this.over ??= 'the transaction has ended';
  }
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
