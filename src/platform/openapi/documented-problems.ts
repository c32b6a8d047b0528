import type { ProblemCode } from '../http/problem-types.js';
import { Problem, invalidBody, type UpstreamReport } from '../http/problem.js';

/** A problem as an example in the document: its code, or the problem with facts that show what it carries. */
export type DocumentedProblem = ProblemCode | Problem;

/** What a route with a body may answer. */
export const BODY_PROBLEMS: readonly DocumentedProblem[] = [
  invalidBody('malformed-body', [{ pointer: '#', message: 'the body is empty' }]),
  invalidBody('invalid-request', [{ pointer: '#/comment', message: 'is not a known field' }]),
  'payload-too-large',
  'unsupported-media-type',
];

/** The id in the path looks wrong, or is not the one in the body: where the body has it, and what it must equal. */
export function idProblems(invalid: string, pointer: string, id: string): DocumentedProblem[] {
  const errors = [{ pointer, message: `must equal the id in the path, ${id}` }];
  return [new Problem('invalid-id', { detail: invalid }), new Problem('id-mismatch', { errors })];
}

/** What a write may answer. The report shows how the upstream tells what it refuses. */
export function writeProblems(upstream: UpstreamReport): DocumentedProblem[] {
  const answered = (status: number, messages: UpstreamReport['messages'] = []): UpstreamReport => ({
    ...upstream,
    status,
    messages,
  });
  return [
    new Problem('upstream-rejected', {
      outcome: 'rejected',
      status: 400,
      upstream: answered(400, upstream.messages),
    }),
    new Problem('upstream-rejected', { outcome: 'rejected', upstream }),
    new Problem('upstream-forbidden', { outcome: 'rejected', upstream: answered(403) }),
    new Problem('upstream-not-found', { outcome: 'rejected', upstream: answered(404) }),
    new Problem('upstream-busy', { outcome: 'rejected', upstream: answered(429) }),
    new Problem('upstream-error', { outcome: 'unknown', upstream: answered(500) }),
    new Problem('upstream-bad-response', { outcome: 'unknown' }),
    new Problem('upstream-timeout', { outcome: 'unknown' }),
    new Problem('upstream-unavailable', { outcome: 'not-applied' }),
    new Problem('overloaded', { outcome: 'not-applied' }),
    new Problem('audit-unavailable', { outcome: 'not-applied' }),
    new Problem('internal-error', { outcome: 'unknown' }),
  ];
}
