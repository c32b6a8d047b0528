import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { IsCursor, IsMoment, PlusKept } from '../../http/query-rules.js';
import { WRITE_STATES } from './write.dto.js';

const LONGEST = 256;

export class WritesQuery {
  /** Only writes that stand so now. */
  @IsOptional()
  @IsIn(WRITE_STATES)
  @IsString()
  readonly outcome?: string;

  /** Only writes of this operation, such as `deferred-action.modify`. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly operation?: string;

  /** Only writes to this resource: the id as in the path. Its `+` may be sent as it is or as `%2B`. */
  @IsOptional()
  @PlusKept()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly resource?: string;

  /** Only writes of this subject. Those of others need the scope `writes:read`. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly principal?: string;

  /** Only writes that began at this moment or later. */
  @IsOptional()
  @IsMoment()
  readonly from?: string;

  /** Only writes that began before this moment. */
  @IsOptional()
  @IsMoment()
  readonly until?: string;

  /** Only the write of this request: for a client that never saw the reply. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly requestId?: string;

  /** Only writes with this key, without the quotes of the header. */
  @IsOptional()
  @MaxLength(LONGEST)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly idempotencyKey?: string;

  /** Only writes that a person has to look at, or only the others. */
  @IsOptional()
  @IsBoolean()
  readonly open?: boolean;

  /** Where to go on: the `next` of the page before. */
  @IsOptional()
  @IsCursor()
  readonly cursor?: string;

  /** The most items of a page. */
  @IsOptional()
  @Max(200)
  @Min(1)
  @IsInt()
  @ApiPropertyOptional({ type: 'integer' })
  readonly limit: number = 50;
}
