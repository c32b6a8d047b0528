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
  const collect = runInNewContext('gc') as Collect;
  setFlagsFromString('--no-expose-gc');
  collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
