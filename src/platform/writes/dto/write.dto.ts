import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { AuditRecordDto } from '../../audit/dto/audit-record.dto.js';

/** How a write can stand. */
export const WRITE_STATES = ['pending', 'applied', 'rejected', 'not-applied', 'unknown'] as const;
const EVIDENCE = ['observed', 'read-back', 'person'];

@ApiSchema({ description: 'Who made a write.' })
export class WritePrincipal {
  /**
   * The subject of the access token.
   * @example clerk
   */
  @ApiProperty()
  readonly subject!: string;

  /** The application that acted for the subject. */
  @ApiProperty({ type: String, nullable: true, example: 'back-office' })
  readonly client!: string | null;
}

@ApiSchema({ description: 'A write, as it stands now.' })
export class Write {
  /** Names the write. */
  @ApiProperty({ format: 'uuid' })
  readonly operationId!: string;

  /** What was to be done. */
  @ApiProperty({ example: 'deferred-action.modify' })
  readonly operation!: string;

  /** The id of what was to be changed, as in the path. */
  @ApiProperty({ example: '0.0.0.1+-schedule+255194' })
  readonly resource!: string;

  /** Who made it. */
  @ApiProperty({ type: WritePrincipal, nullable: true })
  readonly principal!: WritePrincipal | null;

  /** The request that made it. */
  @ApiProperty({ type: String, nullable: true })
  readonly requestId!: string | null;

  /** The key that it was sent with. */
  @ApiProperty({ type: String, nullable: true })
  readonly idempotencyKey!: string | null;

  /** Whether it happened: `rejected` and `not-applied` mean no, `unknown` means that nobody knows yet. */
  @ApiProperty({ enum: WRITE_STATES })
  readonly outcome!: string;

  /** By what that is known: the upstream's own reply, a later look at the resource, or a person's word. */
  @ApiProperty({ type: String, enum: [...EVIDENCE, null], nullable: true })
  readonly evidence!: string | null;

  /** The code of the problem that its client was told of. */
  @ApiProperty({ type: String, nullable: true })
  readonly problem!: string | null;

  /** The HTTP status that the upstream answered with. */
  @ApiProperty({ type: 'integer', nullable: true })
  readonly upstreamStatus!: number | null;

  /** When its intent was recorded, UTC. */
  @ApiProperty({ format: 'date-time' })
  readonly begunAt!: string;

  /** After this moment nothing of it is sent, UTC. */
  @ApiProperty({ format: 'date-time' })
  readonly dispatchBy!: string;

  /** When what is known of its outcome was recorded, UTC. */
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly endedAt!: string | null;

  /** Whether a person has to look at it. */
  @ApiProperty()
  readonly open!: boolean;
}

@ApiSchema({ description: 'A page of writes, newest first.' })
export class Writes {
  /** The writes of this page. */
  @ApiProperty({ type: [Write] })
  readonly items!: readonly Write[];

  /** The `cursor` of the next page; null on the last one. */
  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}

@ApiSchema({ description: 'A write with everything that was recorded of it.' })
export class WriteStory extends Write {
  /** Its records, in order: intent, outcome, reconciliation, resolution. */
  @ApiProperty({ type: [AuditRecordDto] })
  readonly records!: readonly AuditRecordDto[];
}
