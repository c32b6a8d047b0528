import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { PROBLEM_TYPES, type ProblemCode } from './problem-types.js';
import type { Problem, ProblemOutcome } from './problem.js';

@ApiSchema({ name: 'FieldError', description: 'One fault of the body or of the query.' })
class FieldErrorDto {
  /** Where in the body, as a JSON Pointer in URI fragment form (RFC 6901); or `?` and the name of a query parameter. */
  @ApiProperty({ example: '#/scheduledDate' })
  readonly pointer!: string;

  /** What it must be. */
  @ApiProperty({ example: 'must be a calendar date that exists' })
  readonly message!: string;
}

@ApiSchema({ name: 'UpstreamMessage', description: 'A message of an upstream system, shortened.' })
class UpstreamMessageDto {
  /** The system's own code. */
  @ApiProperty({ type: String, nullable: true, example: 'XXX-COM-001' })
  readonly code!: string | null;

  /** Such as `E` error, `O` override needed, `I` information. */
  @ApiProperty({ type: String, nullable: true, example: 'E' })
  readonly severity!: string | null;

  /** The system's own words. */
  @ApiProperty({ type: String, nullable: true, example: 'Record does not exist' })
  readonly text!: string | null;
}

@ApiSchema({ name: 'UpstreamReport', description: 'What an upstream system answered.' })
class UpstreamReportDto {
  /** Which system. */
  @ApiProperty({ example: 'lending' })
  readonly system!: string;

  /** The HTTP status it answered with. */
  @ApiProperty({ type: 'integer', example: 200 })
  readonly status!: number;

  /** The id under which the upstream logged the call. */
  @ApiProperty({ type: String, nullable: true })
  readonly requestId!: string | null;

  /** What it said. */
  @ApiProperty({ type: [UpstreamMessageDto] })
  readonly messages!: readonly UpstreamMessageDto[];
}

@ApiSchema({ description: 'A problem document (RFC 9457), as JSON or XML.' })
export class ProblemDocument {
  /** Identifies the kind of problem. Resolves to its explanation. */
  @ApiProperty({ format: 'uri' })
  readonly type!: string;

  /** What kind of problem it is, for people. */
  @ApiProperty()
  readonly title!: string;

  /** Always the HTTP status of the reply. */
  @ApiProperty({ type: 'integer' })
  readonly status!: number;

  /** What is wrong with this very request. */
  @ApiPropertyOptional()
  readonly detail?: string;

  /** The path that was asked for. */
  @ApiProperty({ format: 'uri-reference' })
  readonly instance!: string;

  /** Stable name of the problem: branch on this. */
  @ApiProperty({ enum: Object.keys(PROBLEM_TYPES) })
  readonly code!: ProblemCode;

  /** Names the request in logs and in the audit trail. */
  @ApiProperty()
  readonly requestId!: string;

  /** Names the write in the audit trail, if the request got as far as one. */
  @ApiPropertyOptional()
  readonly operationId?: string;

  /** Whether the write happened: `rejected` and `not-applied` mean no, `unknown` means that nobody knows yet. Only on writes. */
  @ApiPropertyOptional({ enum: ['pending', 'rejected', 'not-applied', 'unknown'] })
  readonly outcome?: ProblemOutcome;

  /** Whether the same request may be repeated without a risk of doing something twice. */
  @ApiProperty()
  readonly retryable!: boolean;

  /** What is wrong with the body or the query, field by field. */
  @ApiPropertyOptional({ type: [FieldErrorDto] })
  readonly errors?: readonly FieldErrorDto[];

  /** What the upstream system said, if it answered. */
  @ApiPropertyOptional({ type: UpstreamReportDto })
  readonly upstream?: UpstreamReportDto;

  /** With `unauthenticated`, where a browser signs in: a page goes there, it does not fetch it. */
  @ApiPropertyOptional({ format: 'uri' })
  readonly loginUrl?: string;
}

/** What a problem document tells of the request beside the problem itself. */
export interface Occurrence {
  readonly publicUrl: string;
  readonly path: string;
  readonly requestId: string;
  readonly operationId: string | undefined;
  /** The outcome of a write, unless the problem itself knows it. */
  readonly outcome: ProblemOutcome | undefined;
}

const NOBODY_KNOWS =
  'Whether the write happened is not known yet. Do not repeat it without its Idempotency-Key: look at the resource, or ask GET /writes how it ended.';

/** Writes the problem document of RFC 9457 section 3.1, members in a stable order. */
export function problemDocument(problem: Problem, occurrence: Occurrence): ProblemDocument {
  const type = PROBLEM_TYPES[problem.code];
  const {
    outcome = occurrence.outcome,
    detail = outcome === 'unknown' ? NOBODY_KNOWS : undefined,
    operationId = occurrence.operationId,
    retryable = type.retryable,
    errors,
    upstream,
    loginUrl,
  } = problem.facts;
  return {
    type: `${occurrence.publicUrl}/problems/${problem.code}`,
    title: type.title,
    status: problem.status,
    ...(detail !== undefined && { detail }),
    instance: occurrence.path,
    code: problem.code,
    requestId: occurrence.requestId,
    ...(operationId !== undefined && { operationId }),
    ...(outcome !== undefined && { outcome }),
    retryable,
    ...(errors !== undefined && { errors }),
    ...(upstream !== undefined && { upstream }),
    ...(loginUrl !== undefined && { loginUrl }),
  };
}
