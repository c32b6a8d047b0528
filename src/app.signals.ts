import { constants } from 'node:os';

// Nothing of ours is imported here, so that signals have a handler before the rest is loaded: the first process
// of a container ignores one that has none.

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;
type Stop = (signal: (typeof SIGNALS)[number]) => void;

/** Until there is something to stop, a signal ends the process at once: nobody was promised anything yet. */
let stop: Stop = () => process.exit(0);

/** Listens to the first signal that asks the process to stop. A second one, of either kind, ends it at once. */
export function listenToSignals(): void {
  let asked = false;
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (asked) exitBySignal(name);
      asked = true;
      stop(name);
    });
  }
}

/** From now on there is something to stop first. */
export function onSignal(handler: Stop): void {
  stop = handler;
}

/** As a shell tells of a process that a signal ended. */
export const exitBySignal: Stop = (signal) => process.exit(128 + constants.signals[signal]);
