import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath, type HeadersObject } from '@nestjs/swagger';
import { ProblemDocument, problemDocument } from '../http/problem-document.dto.js';
import { PROBLEM_TYPES, type ProblemCode } from '../http/problem-types.js';
import { BODY_TYPES, Problem } from '../http/problem.js';
import { StatesFacts } from '../http/route-facts.js';
import type { DocumentedProblem } from './documented-problems.js';

/** What a route answers: its success, and every problem it may meet. */
interface Success {
  readonly status: number;
  readonly description: string;
  /** Headers of this success, beside those of every reply. */
  readonly headers?: HeadersObject;
  /** Open to everyone: nobody is asked who they are. */
  readonly open?: true;
  /** Problems beyond those that every route shares. */
  readonly problems: readonly DocumentedProblem[];
}

/** A success as JSON or XML. */
export interface Answered extends Success {
  readonly type: Type;
  /** Given, the reply is an array of that type, under this root element in XML. */
  readonly listAs?: string;
  readonly example: unknown;
}

/** A success of one media type only. */
export interface Streamed extends Success {
  readonly mediaType: string;
  readonly example: unknown;
}

/** What any route may answer. */
export const MET_ANYWHERE: readonly ProblemCode[] = [
  'malformed-request',
  'cross-site-request',
  'request-timeout',
  'uri-too-long',
  'headers-too-large',
  'internal-error',
];
/** And any that is open to everyone, but not as often as they like. */
const MET_WHERE_OPEN: readonly ProblemCode[] = [...MET_ANYWHERE, 'not-acceptable', 'rate-limited'];
/** And any that is not open to everyone. */
const MET_WHERE_CLOSED: readonly ProblemCode[] = [
  ...MET_ANYWHERE,
  'ambiguous-credentials',
  'csrf-header-missing',
  'session-unavailable',
  'unauthenticated',
  'forbidden',
  'not-acceptable',
  'identity-provider-unavailable',
  'rate-limited',
  'overloaded',
];

const REQUEST_ID = '01937a2e-5f4c-7c8e-9d3b-0a1b2c3d4e5f';
const OPERATION_ID = '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d';

export const REQUEST_ID_HEADER = {
  description: 'Names the request in logs and in the audit trail.',
  schema: { type: 'string' },
  example: REQUEST_ID,
};
const OPERATION_ID_HEADER = {
  description: 'Names the write in the audit trail. On every reply to a write whose intent was recorded.',
  schema: { type: 'string', format: 'uuid' },
  example: OPERATION_ID,
};
const REPLAYED_HEADER = {
  description: '`true` on the reply to a repeated key: it tells of the first write, and nothing was sent.',
  schema: { type: 'string', enum: ['true'] },
  example: 'true',
};
const RATE_LIMIT_HEADERS = {
  'RateLimit-Policy': {
    description:
      'How many requests (`q`) are taken in how many seconds (`w`); not sent where there is no limit.',
    schema: { type: 'string' },
    example: '"default";q=600;w=60',
  },
  RateLimit: {
    description: 'How many requests are left (`r`), and the seconds (`t`) until all are there again.',
    schema: { type: 'string' },
    example: '"default";r=599;t=60',
  },
};
/** Headers that come with a problem. */
const PROBLEM_HEADERS: Partial<Record<number, object>> = {
  401: {
    'WWW-Authenticate': {
      description: 'The challenge (RFC 6750).',
      schema: { type: 'string' },
      example: 'Bearer realm="surehand", error="invalid_token"',
    },
  },
  403: {
    'WWW-Authenticate': {
      description: 'With `forbidden`: the scope that is missing (RFC 6750).',
      schema: { type: 'string' },
      example: 'Bearer realm="surehand", error="insufficient_scope", scope="handoff:write"',
    },
  },
  415: {
    Accept: {
      description: 'The media types that are read, if it was the media type.',
      schema: { type: 'string' },
      example: BODY_TYPES,
    },
    'Accept-Encoding': {
      description: 'The codings that are read, if it was the coding: none.',
      schema: { type: 'string' },
      example: 'identity',
    },
  },
  429: {
    'Retry-After': {
      description: 'Seconds to wait before the same request is sent again.',
      schema: { type: 'integer' },
      example: 42,
    },
    ...RATE_LIMIT_HEADERS,
    RateLimit: { ...RATE_LIMIT_HEADERS.RateLimit, example: '"default";r=0;t=42' },
  },
  503: {
    'Retry-After': {
      description: 'Seconds to wait before the same request is sent again.',
      schema: { type: 'integer' },
      example: 5,
    },
  },
};

/** States what a route answers, for the gateway (the root element in XML) and for the document alike. */
export function Answers(answered: Answered): MethodDecorator {
  const { type, listAs, example } = answered;
  const item = { $ref: getSchemaPath(type) };
  const schema = listAs === undefined ? item : { type: 'array', items: item, xml: { name: listAs } };
  const mediaType = { schema, example };
  return applyDecorators(
    StatesFacts({ xmlRoot: listAs ?? type.name }),
    ApiExtraModels(type),
    documented(answered, { 'application/json': mediaType, 'application/xml': mediaType }),
  );
}

/** States that a route answers without a body, for the document. */
export function AnswersNothing(success: Success): MethodDecorator {
  return documented(success, {});
}

/** States what a route streams, for the gateway (what `Accept` must admit) and for the document alike. */
export function Streams(streamed: Streamed): MethodDecorator {
  const { mediaType, example } = streamed;
  return applyDecorators(
    StatesFacts({ mediaType }),
    documented(streamed, { [mediaType]: { schema: { type: 'string' }, example } }),
  );
}

function documented(
  { status, description, headers = {}, open, problems: own }: Success,
  content: Record<string, object>,
): MethodDecorator {
  const shared = (open === true ? MET_WHERE_OPEN : MET_WHERE_CLOSED).filter(
    (code) => code !== 'not-acceptable' || Object.keys(content).length > 0,
  );
  const problems = asProblems([...shared, ...own]);
  const recorded = problems.some(afterIntent);
  return applyDecorators(
    ApiHeader({
      name: 'X-Request-Id',
      required: false,
      description: 'Names the request in logs and in the audit trail. Made up if missing or not well-formed.',
      schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
    }),
    ApiResponse({
      status,
      description,
      headers: {
        'X-Request-Id': REQUEST_ID_HEADER,
        ...RATE_LIMIT_HEADERS,
        ...(recorded && { 'Operation-Id': OPERATION_ID_HEADER, 'Idempotency-Replayed': REPLAYED_HEADER }),
        ...headers,
      },
      content,
    }),
    problemResponses(problems),
  );
}

function asProblems(problems: readonly DocumentedProblem[]): Problem[] {
  return problems.map((problem) => (problem instanceof Problem ? problem : new Problem(problem)));
}

/** The responses of these problems, in both formats. */
export function problemResponses(problems: readonly Problem[]): MethodDecorator {
  const responses = [...Map.groupBy(problems, ({ status }) => status)].map(([status, group]) => {
    const codes = [...new Set(group.map(({ code }) => code))];
    const mediaType = {
      schema: { $ref: getSchemaPath(ProblemDocument) },
      examples: Object.fromEntries(group.map((problem) => [exampleName(problem), exampleOf(problem)])),
    };
    return ApiResponse({
      status,
      description: codes.map((code) => `- \`${code}\`: ${PROBLEM_TYPES[code].title}`).join('\n'),
      headers: {
        'X-Request-Id': REQUEST_ID_HEADER,
        ...(group.some(afterIntent) && {
          'Operation-Id': OPERATION_ID_HEADER,
          'Idempotency-Replayed': REPLAYED_HEADER,
        }),
        ...PROBLEM_HEADERS[status],
      },
      content: {
        'application/problem+json': mediaType,
        // A request that never came in whole is refused before anybody could read its Accept header.
        ...(status !== 408 && { 'application/problem+xml': mediaType }),
      },
    });
  });
  return applyDecorators(ApiExtraModels(ProblemDocument), ...responses);
}

/** Problems that state an outcome come from the life of a write. */
function afterIntent({ code, facts }: Problem): boolean {
  return facts.outcome !== undefined && facts.outcome !== 'pending' && code !== 'audit-unavailable';
}

function exampleName(problem: Problem): string {
  return problem.code === 'internal-error' && afterIntent(problem)
    ? 'internal-error-after-sending'
    : problem.code;
}

/** The document fills in which path was asked for. */
function exampleOf(problem: Problem): { summary: string; value: ProblemDocument } {
  return {
    summary: PROBLEM_TYPES[problem.code].title,
    value: problemDocument(problem, {
      publicUrl: 'https://gateway.example',
      path: '/',
      requestId: REQUEST_ID,
      operationId: afterIntent(problem) ? OPERATION_ID : undefined,
      outcome: 'not-applied',
    }),
  };
}
