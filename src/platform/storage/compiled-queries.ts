import { CompiledQuery, type Compilable, type DialectAdapter, type Kysely } from 'kysely';
import type { Tables } from './tables.js';

/** Takes the place of a member of a row while a query is compiled. */
class Slot<Row> {
  constructor(
    readonly row: number,
    readonly member: keyof Row,
  ) {}
}

interface Template<Row> {
  readonly sql: string;
  /** The values of a query over these rows, in the order of its parameters. */
  readonly values: (rows: readonly Row[]) => unknown[];
}

/** Larger batches are compiled each time: they are rare, and cost each of their rows little. */
const MOST_ROWS_KEPT = 32;

const prepared = new Map<string, string>();

/** The name by which a connection may keep the statement of a text; none if the text may not come again. */
export function preparedName(text: string): string | undefined {
  return prepared.get(text);
}

/**
 * A query over rows that all have the same members, compiled once for each number of rows: to build and compile
 * one takes several times as long as SQLite takes to run it. `build` may ask the rows for their number and use
 * their members as parameters, nothing else; it is not called again.
 */
export function overRows<Row extends object, Result = never>(
  build: (db: Kysely<Tables>, rows: readonly Row[]) => Compilable<Result>,
): (db: Kysely<Tables>, rows: readonly Row[]) => Promise<Result[]> {
  // Each database has texts of its own.
  const templates = new WeakMap<DialectAdapter, Map<number, Template<Row>>>();
  const templateFor = (db: Kysely<Tables>, rows: readonly Row[]): Template<Row> => {
    const { adapter } = db.getExecutor();
    const kept = templates.get(adapter) ?? new Map<number, Template<Row>>();
    templates.set(adapter, kept);
    const known = kept.get(rows.length);
    if (known !== undefined) return known;
    const template = compile<Row>(build(db, rows.map(slotsOf)));
    if (rows.length <= MOST_ROWS_KEPT) {
      kept.set(rows.length, template);
      if (!prepared.has(template.sql)) prepared.set(template.sql, `q${prepared.size}`);
    }
    return template;
  };
  return async (db, rows) => {
    if (rows.length === 0) return [];
    const { sql, values } = templateFor(db, rows);
    const query = CompiledQuery.raw(sql, values(rows)) as CompiledQuery<Result>;
    return (await db.executeQuery(query)).rows;
  };
}

/** The same over a single row. */
export function overRow<Row extends object, Result = never>(
  build: (db: Kysely<Tables>, row: Row) => Compilable<Result>,
): (db: Kysely<Tables>, row: Row) => Promise<Result[]> {
  const one = overRows<Row, Result>((db, rows) => build(db, ...(rows as readonly [Row])));
  return (db, row) => one(db, [row]);
}

function slotsOf<Row extends object>(row: Row, index: number): Row {
  const members = Object.keys(row) as (keyof Row)[];
  // To the builder a value is a value.
  return Object.fromEntries(members.map((member) => [member, new Slot<Row>(index, member)])) as Row;
}

function compile<Row>(query: Compilable): Template<Row> {
  const { sql, parameters } = query.compile();
  const readers = parameters.map((parameter) => {
    if (!(parameter instanceof Slot)) return () => parameter;
    const { row, member } = parameter as Slot<Row>;
    return (rows: readonly Row[]) => rows[row]?.[member];
  });
  return { sql, values: (rows) => readers.map((read) => read(rows)) };
}
