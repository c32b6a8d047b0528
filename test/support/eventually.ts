import { setTimeout as sleep } from 'node:timers/promises';

/** What `what` returns once it has so many entries, or after five seconds. */
export async function eventually<T>(count: number, what: () => Promise<T[]> | T[]): Promise<T[]> {
  const until = Date.now() + 5_000;
  for (;;) {
    const found = await what();
    if (found.length >= count || Date.now() > until) return found;
    await sleep(10);
  }
}
