import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'major'; execution: 'sync'; flavor: 'last-resort' }) => void;

/**
 * Gives back what a thread took to start, and needs no more. V8 would keep it: it shrinks what it has for new objects
 * (16 MiB, twice) only when it is short of memory. It stops the thread for some 10 to 100 ms, so: before there is
 * anything to answer.
 */
export function collectStartGarbage(): void {
  // Only what is made after the flag has it, and so nobody else does.
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as Collect | undefined;
  setFlagsFromString('--no-expose-gc');
  // Another thread may have taken the flag back meanwhile: a start does not fail for that.
  collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
