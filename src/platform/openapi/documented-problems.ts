import type { ProblemCode } from '../http/problem-types.js';
import { Problem, asRead, invalidBody, type UpstreamReport } from '../http/problem.js';

/** A problem as an example in the document: its code, or the problem with facts that show what it carries. */
export type DocumentedProblem = ProblemCode | Problem;

const OTHER_OPERATION_ID = '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d';

/** What a route with a body may answer. */
export const BODY_PROBLEMS: readonly DocumentedProblem[] = [
  invalidBody('malformed-body', [{ pointer: '#', message: 'the body is empty' }]),
  invalidBody('invalid-request', [{ pointer: '#/comment', message: 'is not a known field' }]),
  'payload-too-large',
  'unsupported-media-type',
];

/** The id in the path looks wrong: what it should look like. */
export function invalidId(advice: string): DocumentedProblem {
  return new Problem('invalid-id', { detail: advice });
}

/** The body names another id than the path: where, and what it must equal. */
export function idMismatch(pointer: string, id: string): DocumentedProblem {
  return new Problem('id-mismatch', {
    errors: [{ pointer, message: `must equal the id in the path, ${id}` }],
  });
}

/** What a write may answer. The report shows how the upstream tells what it refuses. */
export function writeProblems(refused: UpstreamReport): Problem[] {
  return [
    new Problem('idempotency-key-required'),
    new Problem('idempotency-key-reused'),
    new Problem('write-in-progress', { outcome: 'pending', operationId: OTHER_OPERATION_ID }),
    new Problem('resource-busy', { operationId: OTHER_OPERATION_ID }),
    new Problem('audit-unavailable', { outcome: 'not-applied' }),
    ...upstreamProblems(refused),
    new Problem('internal-error', { outcome: 'unknown' }),
  ];
}

/** What a read may answer. */
export function readProblems(refused: UpstreamReport): Problem[] {
  return upstreamProblems(refused).map(asRead);
}

function upstreamProblems(refused: UpstreamReport): Problem[] {
  const answered = (status: number, messages: UpstreamReport['messages'] = []): UpstreamReport => ({
    ...refused,
    status,
    messages,
  });
  return [
    new Problem('upstream-rejected', {
      outcome: 'rejected',
      status: 400,
      upstream: answered(400, refused.messages),
    }),
    new Problem('upstream-rejected', { outcome: 'rejected', upstream: refused }),
    new Problem('upstream-forbidden', { outcome: 'rejected', upstream: answered(403) }),
    new Problem('upstream-not-found', { outcome: 'rejected', upstream: answered(404) }),
    new Problem('upstream-busy', { outcome: 'rejected', upstream: answered(429) }),
    new Problem('upstream-error', { outcome: 'unknown', upstream: answered(500) }),
    new Problem('upstream-bad-response', { outcome: 'unknown' }),
    new Problem('upstream-timeout', { outcome: 'unknown' }),
    new Problem('upstream-unavailable', { outcome: 'not-applied' }),
    new Problem('upstream-credentials-refused', {
      outcome: 'not-applied',
      detail: `The gateway got no token for ${refused.system}.`,
    }),
    new Problem('overloaded', { outcome: 'not-applied' }),
    new Problem('circuit-open'),
  ];
}
