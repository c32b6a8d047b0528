import fc from 'fast-check';

/** How many requests are on their way at the same time. */
export const IN_FLIGHT = 64;
const SHRINK_MS = 2_000;
/** So many times the wanted cases are drawn, since some come twice. */
const MORE = 1.3;
const MOST_FAILURES = 5;

/** A case that went wrong: where it was found, the smallest one like it, and what was wrong. */
export interface Failure<Case> {
  readonly seed: number;
  readonly index: number;
  readonly smallest: Case;
  readonly complaints: readonly string[];
}

interface Campaign<Case> {
  readonly arbitrary: fc.Arbitrary<Case>;
  readonly cases: number;
  readonly seed: number;
  /** The case as it may be tried beside those before it, or nothing if it may not. */
  readonly admit: (each: Case) => Case | undefined;
  /** Tries a case; what is wrong with what came of it. `alone`: nothing else is tried at the time. */
  readonly attempt: (each: Case, alone: boolean) => Promise<readonly string[]>;
}

/** Tries many cases at once. Says how many there were, and shrinks the first failures one at a time. */
export async function campaign<Case>({
  arbitrary,
  cases,
  seed,
  admit,
  attempt,
}: Campaign<Case>): Promise<{ tried: number; failures: Failure<Case>[] }> {
  const tried = (each: Case, alone: boolean): Promise<readonly string[]> =>
    attempt(each, alone).catch((error: unknown) => [`no reply: ${String(error)}`]);
  // `sample` and `check` draw the same cases from the same property and seed.
  const property = fc.asyncProperty(arbitrary, async (each) => {
    const complaints = await tried(each, true);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
  const drawn = fc.sample(property, { seed, numRuns: Math.ceil(cases * MORE) });
  const admitted = drawn
    .flatMap(([drawnCase], index) => {
      const each = admit(drawnCase);
      return each === undefined ? [] : [{ each, index }];
    })
    .slice(0, cases);
  const failed: { index: number; each: Case; complaints: readonly string[] }[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < admitted.length && failed.length < MOST_FAILURES; at = next++) {
      const entry = admitted[at];
      if (entry === undefined) continue;
      const complaints = await tried(entry.each, false);
      if (complaints.length > 0) failed.push({ ...entry, complaints });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  const failures: Failure<Case>[] = [];
  for (const { index, each, complaints } of failed.slice(0, 2)) {
    const shrunk = await fc.check(property, {
      seed,
      path: String(index),
      numRuns: index + 1,
      interruptAfterTimeLimit: SHRINK_MS,
    });
    failures.push({ seed, index, smallest: shrunk.counterexample?.[0] ?? each, complaints });
  }
  return { tried: admitted.length, failures };
}
