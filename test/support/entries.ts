import { randomUUIDv7 } from 'node:crypto';
import type {
  IntentEntry,
  OutcomeEntry,
  ReconciliationEntry,
  ResolutionEntry,
} from '../../src/platform/audit/audit-record.js';

/** What is the same in all of them. */
export const ENTRY = {
  replica: 'replica-1',
  principal: { subject: 'clerk', client: 'frontend', method: 'bearer' },
  address: '127.0.0.1',
} as const;

/** What every entry has. */
export function stamp(at = new Date()) {
  return { ...ENTRY, id: randomUUIDv7(), at: at.toISOString(), requestId: randomUUIDv7() };
}

/** What the trail is told of a write that is about to be sent. */
export function anIntent(changes: Partial<IntentEntry> = {}): IntentEntry {
  return {
    ...stamp(),
    kind: 'intent',
    operationId: randomUUIDv7(),
    operation: 'deferred-action.modify',
    resource: randomUUIDv7(),
    dispatchBy: new Date(Date.now() + 10_000).toISOString(),
    payload: { scheduledDate: '2021-02-14' },
    payloadDigest: 'a'.repeat(64),
    before: null,
    idempotencyKey: null,
    ...changes,
  };
}

type About = Pick<IntentEntry, 'operationId' | 'operation' | 'resource'>;
function about({ operationId, operation, resource }: About): About {
  return { operationId, operation, resource };
}

/** What the upstream said of the write. */
export function anOutcome(intent: IntentEntry, outcome: OutcomeEntry['outcome']): OutcomeEntry {
  return {
    ...stamp(),
    ...about(intent),
    kind: 'outcome',
    outcome,
    evidence: 'observed',
    problem: outcome === 'applied' ? null : 'upstream-rejected',
    upstreamStatus: 200,
    upstreamRequestId: null,
    durationMs: 12,
  };
}

/** What a read-back found of it. */
export function aReadBack(intent: IntentEntry, outcome: ReconciliationEntry['outcome']): ReconciliationEntry {
  const verdict = { outcome, evidence: 'read-back', reason: 'as sent', readBack: null } as const;
  return { ...stamp(), ...about(intent), kind: 'reconciliation', ...verdict };
}

/** What a person found out. */
export function aResolution(intent: IntentEntry, outcome: ResolutionEntry['outcome']): ResolutionEntry {
  const verdict = { outcome, evidence: 'person', reason: 'asked billing' } as const;
  return { ...stamp(), ...about(intent), kind: 'resolution', ...verdict };
}
