import { STORY, QUERY_PROBLEMS } from '../audit/audit.examples.js';
import { Problem } from '../http/problem.js';
import { BODY_PROBLEMS, type DocumentedProblem } from '../openapi/documented-problems.js';
import { OPERATION_ID, OPERATION_ID_ADVICE } from './operation-id.js';

/** What the OpenAPI document shows. */
const WRITE = {
  operationId: OPERATION_ID.schema.example,
  operation: 'deferred-action.modify',
  resource: '0.0.0.1+-schedule+255194',
  principal: { subject: 'clerk', client: 'back-office' },
  requestId: '01937a2e-5f4c-7c8e-9d3b-0a1b2c3d4e5f',
  idempotencyKey: null,
  outcome: 'applied',
  evidence: 'observed',
  problem: null,
  upstreamStatus: 200,
  begunAt: '2026-02-14T09:30:00.000Z',
  dispatchBy: '2026-02-14T09:30:10.000Z',
  endedAt: '2026-02-14T09:30:00.084Z',
  open: false,
};

export const WRITES = { items: [WRITE], next: 'c2VxOjEwNDI' };
export const WRITE_STORY = { ...WRITE, records: STORY };
export const RESOLVED = {
  ...WRITE,
  evidence: 'person',
  problem: 'upstream-timeout',
  upstreamStatus: null,
  endedAt: '2026-02-14T11:00:00.000Z',
};

export const RESOLUTIONS = {
  applied: {
    summary: 'The write happened',
    value: { outcome: 'applied', reason: 'Seen in the billing system: the action has the new date.' },
  },
  'not-applied': {
    summary: 'The write did not happen',
    value: { outcome: 'not-applied', reason: 'The billing system knows nothing of it (ticket T-100).' },
  },
};

export const LIST_PROBLEMS = QUERY_PROBLEMS;

const NOT_FOUND = new Problem('not-found', { detail: 'There is no such write, or it is not yours to see.' });

export const STORY_PROBLEMS: readonly DocumentedProblem[] = [
  new Problem('invalid-id', { detail: OPERATION_ID_ADVICE }),
  NOT_FOUND,
  'audit-unavailable',
];

export const RESOLUTION_PROBLEMS: readonly DocumentedProblem[] = [
  ...BODY_PROBLEMS,
  ...STORY_PROBLEMS,
  'write-in-progress',
  new Problem('write-decided', { detail: 'The write is applied (observed).' }),
];
