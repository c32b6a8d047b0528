/** A row of the trail as it is stored. Nothing in it is trusted, its types included. */
export interface Row {
  readonly seq: unknown;
  readonly id: unknown;
  readonly kind: unknown;
  readonly at: unknown;
  readonly operation_id: unknown;
  readonly request_id: unknown;
  readonly subject: unknown;
  /** The text's bytes, or the text where the database itself refuses bytes that are none. */
  readonly record: unknown;
  readonly hash: unknown;
}

/** Where the gateway says that its chain ends. */
export interface Head {
  readonly seq: unknown;
  readonly hash: unknown;
  /** The last checkpoint's record. */
  readonly checkpoint_seq: unknown;
}

/** One unchanging view of a trail, which the gateway may be extending meanwhile. */
export interface Trail {
  /** Null if the row is gone. */
  head(): Promise<Head | null>;
  /** The first record whose id an earlier one has. */
  repeatedId(): Promise<number | null>;
  /** All rows in the order of `seq`, some at a time: a trail need not fit into memory. */
  pages(): Iterable<readonly Row[]> | AsyncIterable<readonly Row[]>;
  close(): Promise<void>;
}

export const HEAD = 'select seq, hash, checkpoint_seq from chain_head where id = 1';

// The inner query reads the index only; the numbering costs something only if there is something to find.
export const REPEATED_ID = `
  select min(seq) as seq from (
    select seq, row_number() over (partition by id order by seq) as nth from audit_records
    where id in (select id from audit_records group by id having count(*) > 1)
  ) as numbered where nth > 1`;
