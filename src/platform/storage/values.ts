import { sql, type RawBuilder } from 'kysely';

/**
 * Rows that a statement brings along: `(values (…), (…))` of these members, in this order. SQLite sees the type of each
 * value; PostgreSQL takes all of them for text, so that any other is to be cast.
 */
export function valuesOf<Row extends object>(
  rows: readonly Row[],
  ...members: readonly (keyof Row)[]
): RawBuilder<never> {
  const tuples = rows.map((row) => sql`(${sql.join(members.map((member) => row[member]))})`);
  return sql<never>`(values ${sql.join(tuples)})`;
}
