import { OPERATIONS, freshResource } from './operations.js';
import type { Script } from './scripted-upstream.js';

/** What a request of one route looks like when all is well, and what it is answered. */
export interface Target {
  readonly method: string;
  /** OPERATION_ID stands for the id of a write that was made. */
  readonly path: string;
  readonly query?: string;
  /** As JSON. */
  readonly body?: string;
  readonly status: number;
  /** What a successful reply comes as: negotiated, or always the same. */
  readonly comesAs: 'json or xml' | 'x-ndjson' | 'nothing' | 'a page';
  /** What the upstream answers. */
  readonly answer?: Script;
}

export const OPERATION_ID = 'OPERATION_ID';

/** What a token needs to reach all of them, beside the scopes of the documented operations. */
export const OPERATOR_SCOPES = 'writes:read writes:resolve audit:read';

const OWN: readonly Target[] = [
  { method: 'GET', path: '/writes', status: 200, comesAs: 'json or xml' },
  { method: 'GET', path: `/writes/${OPERATION_ID}`, status: 200, comesAs: 'json or xml' },
  {
    method: 'POST',
    path: `/writes/${OPERATION_ID}/resolution`,
    body: '{"outcome":"applied","reason":"Seen in the billing system."}',
    // It is already known how that write ended.
    status: 409,
    comesAs: 'json or xml',
  },
  // Reading the trail adds to it: asked for what no longer changes.
  { method: 'GET', path: '/audit/records', query: '?limit=1', status: 200, comesAs: 'json or xml' },
  { method: 'GET', path: '/audit/checkpoints', query: '?limit=1', status: 200, comesAs: 'json or xml' },
  { method: 'GET', path: '/audit/export', status: 200, comesAs: 'x-ndjson' },
  { method: 'GET', path: '/problems', status: 200, comesAs: 'json or xml' },
  { method: 'GET', path: '/problems/not-found', status: 200, comesAs: 'json or xml' },
  { method: 'GET', path: '/health/live', status: 200, comesAs: 'a page' },
  { method: 'GET', path: '/health/ready', status: 200, comesAs: 'a page' },
  { method: 'GET', path: '/openapi.json', status: 200, comesAs: 'a page' },
  { method: 'GET', path: '/docs', status: 200, comesAs: 'a page' },
  { method: 'GET', path: '/docs/initializer.js', status: 200, comesAs: 'a page' },
];

/** One for each route of the gateway. */
export const TARGETS: readonly Target[] = [
  ...OPERATIONS.map((operation): Target => {
    const resource = freshResource(operation);
    const { method, status, answer, body, xmlRoot } = operation;
    return {
      method,
      path: operation.path(resource),
      status,
      answer,
      comesAs: xmlRoot === null ? 'nothing' : 'json or xml',
      ...(body !== undefined && { body: JSON.stringify(body(resource)) }),
    };
  }),
  ...OWN,
];
