/** A page of a list, and where the next one begins. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const CURSOR = /^seq:([1-9]\d{0,14})$/;

/** Makes a page of at most `limit` items out of up to one row more than that. */
export function pageOf<Row extends { readonly seq: number }, Item>(
  rows: readonly Row[],
  limit: number,
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(itemOf), next: last === undefined ? null : cursorAt(last.seq) };
}

/** The `seq` that a cursor stands for. */
export function seqAt(cursor: string): number | undefined {
  const seq = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.[1];
  return seq === undefined ? undefined : Number(seq);
}

export function isCursor(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const seq = seqAt(value);
  return seq !== undefined && cursorAt(seq) === value;
}

function cursorAt(seq: number): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}
