/** What can be wrong with a trail. The codes are documented in docs/audit-trail.md. */
export type FindingCode =
  | 'missing-record'
  | 'repeated-seq'
  | 'repeated-id'
  | 'unreadable-record'
  | 'broken-link'
  | 'not-canonical'
  | 'changed-record'
  | 'changed-column'
  | 'wrong-checkpoint'
  | 'wrong-signature'
  | 'unknown-key'
  | 'checkpoint-overdue'
  | 'wrong-head'
  | 'cut-tail'
  | 'recomputed-chain';

/** The first place at which a trail is not what was written. */
export interface Finding {
  readonly code: FindingCode;
  /** The record at fault. */
  readonly seq: number;
  /** Null if it cannot be read, or is not there. */
  readonly id: string | null;
  readonly detail: string;
}

/** Ends the check: what comes after the first finding cannot be trusted to mean anything. */
export class Tampered extends Error {
  constructor(readonly finding: Finding) {
    super(finding.detail);
  }
}

/** The check could not be made or not be finished: nothing is known of the rest of the trail. */
export class Unverifiable extends Error {}
