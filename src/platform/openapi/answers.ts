import { applyDecorators, type Type } from '@nestjs/common';
import { ApiConsumes, ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { ProblemDocument, problemDocument } from '../http/problem-document.dto.js';
import { PROBLEM_TYPES, type ProblemCode } from '../http/problem-types.js';
import { Problem, type ProblemFacts, type ProblemOutcome } from '../http/problem.js';
import { StatesFacts } from '../http/route-facts.js';

/** What a route answers: its success, and every problem it may meet. */
export interface Answered {
  readonly status: number;
  readonly type: Type;
  readonly description: string;
  readonly example: unknown;
  /** Problems beyond those that every route shares. */
  readonly problems: readonly DocumentedProblem[];
}

/** A problem as an example in the document: its code, or its code with facts that show what it carries. */
export type DocumentedProblem = ProblemCode | { readonly code: ProblemCode; readonly facts: ProblemFacts };

/** What any route with an access rule may answer. */
const SHARED: readonly DocumentedProblem[] = [
  'malformed-request',
  'unauthenticated',
  'forbidden',
  'not-acceptable',
  'request-timeout',
  'uri-too-long',
  'headers-too-large',
  'internal-error',
  'identity-provider-unavailable',
];

/** What a route with a body may answer too. */
export const BODY_PROBLEMS: readonly DocumentedProblem[] = [
  { code: 'malformed-body', facts: { errors: [{ pointer: '#/scheduledDate', message: 'given twice' }] } },
  {
    code: 'invalid-request',
    facts: { errors: [{ pointer: '#/scheduleDate', message: 'is not a known field' }] },
  },
  'invalid-id',
  'id-mismatch',
  'payload-too-large',
  'unsupported-media-type',
];

/** What a write may answer too. */
export const WRITE_PROBLEMS: readonly DocumentedProblem[] = [
  { code: 'upstream-rejected', facts: { outcome: 'rejected', status: 400 } },
  { code: 'upstream-rejected', facts: { outcome: 'rejected' } },
  { code: 'upstream-forbidden', facts: { outcome: 'rejected' } },
  { code: 'upstream-not-found', facts: { outcome: 'rejected' } },
  { code: 'upstream-busy', facts: { outcome: 'rejected' } },
  { code: 'upstream-error', facts: { outcome: 'unknown' } },
  { code: 'upstream-bad-response', facts: { outcome: 'unknown' } },
  { code: 'upstream-timeout', facts: { outcome: 'unknown' } },
  'upstream-unavailable',
  'overloaded',
  'audit-unavailable',
];

/** States what a route answers, for the gateway (the root element in XML) and for the document alike. */
export function Answers({ status, type, description, example, problems }: Answered): MethodDecorator {
  const schema = { $ref: getSchemaPath(type) };
  return applyDecorators(
    StatesFacts({ xmlRoot: type.name }),
    ApiConsumes('application/json', 'application/xml'),
    ApiHeader({
      name: 'X-Request-Id',
      required: false,
      description: 'Names the request in logs and in the audit trail. Made up if missing or not well-formed.',
      schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
    }),
    ApiExtraModels(type, ProblemDocument),
    ApiResponse({
      status,
      description,
      headers: {
        'X-Request-Id': { schema: { type: 'string' } },
        'Operation-Id': { description: 'Names the write in the audit trail.', schema: { type: 'string' } },
      },
      content: { 'application/json': { schema, example }, 'application/xml': { schema } },
    }),
    ...problemResponses([...SHARED, ...problems]),
  );
}

function problemResponses(problems: readonly DocumentedProblem[]): MethodDecorator[] {
  const all = problems.map((problem) =>
    typeof problem === 'string' ? new Problem(problem) : new Problem(problem.code, problem.facts),
  );
  return [...Map.groupBy(all, ({ status }) => status)].map(([status, group]) => {
    const schema = { $ref: getSchemaPath(ProblemDocument) };
    const examples = Object.fromEntries(group.map((problem) => [problem.code, exampleOf(problem)]));
    return ApiResponse({
      status,
      description: group.map(({ code }) => `\`${code}\`: ${PROBLEM_TYPES[code].title}`).join('. '),
      content: { 'application/problem+json': { schema, examples }, 'application/problem+xml': { schema } },
    });
  });
}

function exampleOf(problem: Problem): { summary: string; value: ProblemDocument } {
  const outcome: ProblemOutcome = problem.facts.outcome ?? 'not-applied';
  return {
    summary: PROBLEM_TYPES[problem.code].title,
    value: problemDocument(problem, {
      publicUrl: 'https://gateway.example',
      path: '/bcws/webresources/v1.0/deferredactions/0.0.0.1+-schedule+255194',
      requestId: '01937a2e-5f4c-7c8e-9d3b-0a1b2c3d4e5f',
      operationId: outcome === 'not-applied' ? undefined : '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d',
      outcome,
    }),
  };
}
