import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { RECORD_KINDS } from '../audit-record.js';

@ApiSchema({ name: 'AuditedPrincipal', description: 'Who made a request.' })
export class AuditedPrincipalDto {
  /**
   * The subject of the access token.
   * @example clerk
   */
  @ApiProperty()
  readonly subject!: string;

  /** The application that acted for the subject. */
  @ApiProperty({ type: String, nullable: true, example: 'back-office' })
  readonly client!: string | null;

  /**
   * How the subject was authenticated.
   * @example bearer
   */
  @ApiProperty()
  readonly method!: string;

  /** The session that the request was made with, if it was. */
  @ApiPropertyOptional({ format: 'uuid' })
  readonly session?: string;
}

@ApiSchema({
  name: 'AuditRecord',
  description:
    'A record of the audit trail, in its place in the chain. Beside these members each kind has its own.',
})
export class AuditRecordDto {
  /** 1, 2, 3 … without a gap. */
  @ApiProperty({ type: 'integer', format: 'int64', example: 1042 })
  readonly seq!: number;

  /** What the record is about. */
  @ApiProperty({ enum: RECORD_KINDS })
  readonly kind!: string;

  /** Made by the writer, UUIDv7. */
  @ApiProperty({ format: 'uuid' })
  readonly id!: string;

  /** When it was written down, UTC. */
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  /** The gateway process that wrote it. */
  @ApiProperty({ example: 'gateway-1/7' })
  readonly replica!: string;

  /** The request that caused it, if one did. */
  @ApiProperty({ type: String, nullable: true })
  readonly requestId!: string | null;

  /** The trace that the request was part of, if it was part of one. */
  @ApiPropertyOptional({ pattern: '^[0-9a-f]{32}$' })
  readonly traceId?: string;

  /** Who made the request, if that is known. */
  @ApiProperty({ type: AuditedPrincipalDto, nullable: true })
  readonly principal!: AuditedPrincipalDto | null;

  /** The address that the request came from. */
  @ApiProperty({ type: String, nullable: true, example: '10.1.2.3' })
  readonly address!: string | null;

  /** `hash` of the record before it; 64 zeros for the first. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  readonly previousHash!: string;

  /** SHA-256 over the canonical form (RFC 8785) of all other members. */
  @ApiProperty({ pattern: '^[0-9a-f]{64}$' })
  readonly hash!: string;
}

@ApiSchema({ description: 'A page of the audit trail, in the order of the chain.' })
export class AuditRecords {
  /** The records of this page. */
  @ApiProperty({ type: [AuditRecordDto] })
  readonly items!: readonly AuditRecordDto[];

  /** The `cursor` of the next page; null on the last one. */
  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}
