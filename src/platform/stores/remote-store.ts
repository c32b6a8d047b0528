import type { StoreThread } from './store-thread.js';
import type { MethodOf, Part, Stores } from './stores.js';
import type { WorkerSetup } from './store.worker.js';

/** The thread that answers a method. */
export type Side = WorkerSetup['role'];
/** Of each method of a store, which thread answers it. */
export type Sides<Name extends Part> = Readonly<Record<MethodOf<Name>, Side>>;

/** A store whose methods are called in the threads that have it. */
export function remoteStore<Name extends Part>(
  part: Name,
  sides: Sides<Name>,
  threads: Readonly<Record<Side, Pick<StoreThread, 'call'>>>,
): Stores[Name] {
  const methods = Object.entries(sides) as [MethodOf<Part>, Side][];
  const calls = methods.map(([method, side]) => [
    method,
    (...args: unknown[]) => threads[side].call({ part, method, args }),
  ]);
  return Object.fromEntries(calls) as Stores[Name];
}
