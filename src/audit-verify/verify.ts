import { ChainCheck, type Expectations } from './chain-check.js';
import { Tampered, Unverifiable, type Finding } from './finding.js';
import type { Trail } from './trail.js';

/** What a trail was found to be. */
export interface Report {
  readonly finding: Finding | null;
  /** Records in order, from the first on. */
  readonly records: number;
  /** Hash of the last of them. */
  readonly hash: string;
  readonly checkpoints: number;
  /** Null if no key was given to check them with. */
  readonly signatures: number | null;
  /** Exported checkpoints that match, and the last record that they vouch for. */
  readonly exported: { readonly matched: number; readonly upTo: number };
  readonly seconds: number;
}

/** Reads a trail from its first record on, up to the first that is wrong. */
export async function verify(
  trail: Trail,
  { keys, exported }: Pick<Expectations, 'keys' | 'exported'>,
): Promise<Report> {
  const begun = performance.now();
  const check = new ChainCheck({ keys, exported, repeatedId: await trail.repeatedId() });
  const finding = await firstFinding(trail, check);
  return {
    finding,
    records: check.seq,
    hash: check.hash,
    checkpoints: check.checkpoints,
    signatures: keys.known ? check.checkpoints : null,
    exported: { matched: check.matched, upTo: exported[check.matched - 1]?.checkpoint.seq ?? 0 },
    seconds: (performance.now() - begun) / 1_000,
  };
}

async function firstFinding(trail: Trail, check: ChainCheck): Promise<Finding | null> {
  try {
    for await (const page of trail.pages()) for (const row of page) check.next(row);
    check.end(await trail.head());
    return null;
  } catch (error) {
    if (error instanceof Tampered) return error.finding;
    throw new Unverifiable(`the trail could be read up to record ${check.seq} only`, { cause: error });
  }
}
