import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { PROBLEM_TYPES, type ProblemCode } from './problem-types.js';
import type { Problem, ProblemOutcome } from './problem.js';

class FieldErrorDto {
  /** Where in the body, as a JSON Pointer in URI fragment form (RFC 6901). */
  @ApiProperty({ example: '#/scheduledDate' })
  readonly pointer!: string;

  @ApiProperty({ example: 'must be a calendar date that exists' })
  readonly message!: string;
}

class UpstreamMessageDto {
  @ApiProperty({ type: String, nullable: true, example: 'XXX-COM-001' })
  readonly code!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'E' })
  readonly severity!: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'Record does not exist' })
  readonly text!: string | null;
}

class UpstreamReportDto {
  @ApiProperty({ example: 'lending' })
  readonly system!: string;

  /** The HTTP status it answered with. */
  @ApiProperty({ type: 'integer', example: 200 })
  readonly status!: number;

  /** The id under which the upstream logged the call. */
  @ApiProperty({ type: String, nullable: true })
  readonly requestId!: string | null;

  @ApiProperty({ type: [UpstreamMessageDto] })
  readonly messages!: readonly UpstreamMessageDto[];
}

/** A problem document (RFC 9457), as JSON or XML. */
export class ProblemDocument {
  /** Identifies the kind of problem. Resolves to its explanation. */
  @ApiProperty({ format: 'uri' })
  readonly type!: string;

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

  @ApiProperty()
  readonly requestId!: string;

  /** Names the write in the audit trail, if the request got as far as one. */
  @ApiPropertyOptional()
  readonly operationId?: string;

  /** Whether the write happened. Only on writes. */
  @ApiPropertyOptional({ enum: ['pending', 'rejected', 'not-applied', 'unknown'] })
  readonly outcome?: ProblemOutcome;

  /** Whether the same request may be repeated without a risk of doing something twice. */
  @ApiProperty()
  readonly retryable!: boolean;

  @ApiPropertyOptional({ type: [FieldErrorDto] })
  readonly errors?: readonly FieldErrorDto[];

  @ApiPropertyOptional({ type: UpstreamReportDto })
  readonly upstream?: UpstreamReportDto;
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

/** Writes the problem document of RFC 9457 section 3.1, members in a stable order. */
export function problemDocument(problem: Problem, occurrence: Occurrence): ProblemDocument {
  const { title, retryable } = PROBLEM_TYPES[problem.code];
  const {
    detail,
    outcome = occurrence.outcome,
    operationId = occurrence.operationId,
    errors,
    upstream,
  } = problem.facts;
  return {
    type: `${occurrence.publicUrl}/problems/${problem.code}`,
    title,
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
  };
}
