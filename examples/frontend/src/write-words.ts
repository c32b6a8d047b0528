import { BILLING_TIME_ZONE, billingDay, timeOf } from './dates.js';
import type { Write, WriteStory } from './gateway.js';
import { isDecided } from './outcome.js';

const OPERATIONS: Readonly<Record<string, string>> = {
  'deferred-action.modify': 'Change of a deferred action',
  'deferred-action.perform': 'Performance of a deferred action',
  'deferred-action.delete': 'Deletion of a deferred action',
  'handoff.update-status': 'Update of a handoff',
  'handoff.create': 'Addition of a handoff',
};

export function nameOf({ operation }: Pick<Write, 'operation'>): string {
  return OPERATIONS[operation] ?? operation;
}

export function systemOf({ operation }: Pick<Write, 'operation'>): string {
  return operation.startsWith('handoff.') ? 'lending' : 'billing';
}

/** How the outcome is known, in a sentence. */
export function howKnown(write: WriteStory): string {
  const system = systemOf(write);
  if (write.evidence === 'person') return 'A person found out, and put it on record.';
  if (write.evidence === 'read-back')
    return `The reply was lost. The gateway looked at the resource in ${system} afterwards, and this is what it found.`;
  if (write.outcome === 'not-applied') return `It is certain that nothing was sent to ${system}.`;
  return write.outcome === 'rejected' ? `${system} said no.` : `${system} confirmed it.`;
}

export interface Situation {
  readonly known: readonly string[];
  readonly notKnown: readonly string[];
  readonly next: readonly string[];
}

/** What may and may not be said of a write that is not decided; undefined once it is. */
export function situationOf(write: WriteStory): Situation | undefined {
  if (isDecided(write)) return undefined;
  const system = systemOf(write);
  const why =
    write.problem === 'upstream-timeout'
      ? `${system} did not answer in time.`
      : write.problem === null
        ? undefined
        : `The reply of ${system} was lost, or did not say how it ended.`;
  return {
    known: [
      `The request was written down at ${timeOf(write.begunAt)}, before anything was sent.`,
      ...(why === undefined ? [] : [why]),
      'The gateway does not send it a second time.',
    ],
    notKnown: [`Whether ${system} made the change.`],
    next: write.open
      ? [
          'Looking again did not decide it. Somebody has to find out, and puts on record what they found.',
          'Give them the number of the write, below.',
        ]
      : [
          `The gateway looks at the resource, not before ${timeOf(write.dispatchBy)}, and records what it finds.`,
          'Until then no other change of it is taken. There is nothing to do but wait.',
        ],
  };
}

/** The members of a body that was sent, for people. */
export function contentOf(payload: unknown): [name: string, value: string][] {
  if (typeof payload !== 'object' || payload === null) return [];
  return Object.entries(payload)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => [name, shown(name, value)]);
}

function shown(name: string, value: unknown): string {
  if (name === 'scheduledDate' && typeof value === 'number')
    return `${billingDay(value)} (${BILLING_TIME_ZONE})`;
  if (typeof value === 'string') return value;
  const isSecret = typeof value === 'object' && value !== null && 'hmac' in value;
  return isSecret ? 'kept secret' : JSON.stringify(value);
}
