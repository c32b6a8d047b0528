import { invalidQuery } from '../http/problem.js';
import type { DocumentedProblem } from '../openapi/documented-problems.js';

/** What the OpenAPI document shows. */
const INTENT = {
  seq: 1042,
  kind: 'intent',
  id: '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6e',
  at: '2026-02-14T09:30:00.000Z',
  replica: 'gateway-1/7',
  requestId: '01937a2e-5f4c-7c8e-9d3b-0a1b2c3d4e5f',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  principal: { subject: 'clerk', client: 'back-office', method: 'bearer' },
  address: '10.1.2.3',
  operationId: '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d',
  operation: 'deferred-action.modify',
  resource: '0.0.0.1+-schedule+255194',
  dispatchBy: '2026-02-14T09:30:10.000Z',
  payload: {
    scheduledDate: '2026-03-01',
    serviceLogin: { hmac: 'jZcKp1u9bH0rQ2vXw3yZ4aB5cD6eF7gH8iJ9kL0mN1o', keyId: '5d1c9a7e3b20f684' },
  },
  payloadDigest: '6f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0',
  before: null,
  idempotencyKey: null,
  previousHash: '0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9',
  hash: 'f9e8d7c6b5a493827160f5e4d3c2b1a0f9e8d7c6b5a493827160f5e4d3c2b1a0',
};

const OUTCOME = {
  seq: 1043,
  kind: 'outcome',
  id: '01937a2e-5fa0-7d2c-9e8f-7a6b5c4d3e2f',
  at: '2026-02-14T09:30:00.084Z',
  replica: INTENT.replica,
  requestId: INTENT.requestId,
  traceId: INTENT.traceId,
  principal: INTENT.principal,
  address: INTENT.address,
  operationId: INTENT.operationId,
  operation: INTENT.operation,
  resource: INTENT.resource,
  outcome: 'applied',
  evidence: 'observed',
  problem: null,
  upstreamStatus: 200,
  upstreamRequestId: null,
  durationMs: 84,
  previousHash: INTENT.hash,
  hash: '1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f',
};

export const STORY = [INTENT, OUTCOME];
export const RECORDS = { items: STORY, next: 'c2VxOjEwNDM' };
export const EXPORT = STORY.map((record) => `${JSON.stringify(record)}\n`).join('');

export const CHECKPOINTS = {
  items: [
    {
      seq: 1044,
      kind: 'checkpoint',
      id: '01937a2e-6a10-7b3d-8f9e-0a1b2c3d4e5f',
      at: '2026-02-14T09:31:00.000Z',
      replica: INTENT.replica,
      requestId: null,
      principal: null,
      address: null,
      checkpoint: { seq: 1043, hash: OUTCOME.hash, count: 1043, time: '2026-02-14T09:31:00.000Z' },
      signature: 'mE0kq8cZ3vY1xW5uT7sR9pO2nM4lK6jI8hG0fE2dC4bA6z8y0x2w4v6u8t0s2r4q6p8o0n2m4l6k8j0i2h4gBw',
      keyId: '5e6f7a8b9c0d1e2f5e6f7a8b9c0d1e2f5e6f7a8b9c0d1e2f5e6f7a8b9c0d1e2f',
      previousHash: OUTCOME.hash,
      hash: '9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c4d',
    },
  ],
  next: null,
};

/** What a route with query parameters may answer. */
export const QUERY_PROBLEMS: readonly DocumentedProblem[] = [
  invalidQuery([{ pointer: '?form', message: 'is not a known parameter' }]),
  'audit-unavailable',
];
