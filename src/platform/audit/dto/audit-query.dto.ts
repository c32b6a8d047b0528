import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsNotEmpty, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { IsCursor, IsMoment } from '../../http/query-rules.js';
import { RECORD_KINDS } from '../audit-record.js';

const LONGEST = 256;
const MOST = 200;

export class CheckpointsQuery {
  /** Where to go on: the `next` of the page before. */
  @IsOptional()
  @IsCursor()
  readonly cursor?: string;

  /** The most items of a page. */
  @IsOptional()
  @Max(MOST)
  @Min(1)
  @IsInt()
  @ApiPropertyOptional({ type: 'integer' })
  readonly limit: number = 50;
}

export class RecordsQuery extends CheckpointsQuery {
  /** Only records of this kind. */
  @IsOptional()
  @IsIn(RECORD_KINDS)
  @IsString()
  readonly kind?: string;

  /** Only the records of this write. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly operationId?: string;

  /** Only the records of this request. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly requestId?: string;

  /** Only what this subject did. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly principal?: string;

  /** Only records of this moment or later. */
  @IsOptional()
  @IsMoment()
  readonly from?: string;

  /** Only records from before this moment. */
  @IsOptional()
  @IsMoment()
  readonly until?: string;

  /** Only writes that were sent with this value in a sensitive field, which the trail holds as a keyed digest. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly sensitive?: string;
}

export class ExportQuery {
  /** Only records of this moment or later. */
  @IsOptional()
  @IsMoment()
  readonly from?: string;

  /** Only records from before this moment. */
  @IsOptional()
  @IsMoment()
  readonly until?: string;

  /** Only records with a higher `seq`: how an export that broke off goes on. */
  @IsOptional()
  @Min(0)
  @IsInt()
  @ApiPropertyOptional({ type: 'integer', maximum: 999_999_999_999_999 })
  readonly after?: number;
}
