import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { XmlText } from '../../../platform/http/xml/xml-binding.js';
import { IsScheduledDate, scheduledDateOf } from '../scheduled-date.js';

/** A reference to another record of the billing system. */
export class ResourceRef {
  /**
   * The id.
   * @example 0.0.0.1+-schedule+255194
   */
  @IsString()
  @IsNotEmpty()
  readonly id!: string;

  /** The Uniform Resource Identifier of the record. */
  @IsOptional()
  @IsString()
  readonly uri?: string | null;
}

/**
 * A future-dated change in the billing system. In a request, fields that are left out or null stay as they
 * are; in a reply, null means unchanged.
 */
export class DeferredAction {
  /** The action itself. In a request its `id` must equal the one in the path. */
  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => ResourceRef)
  readonly actionId?: ResourceRef | null;

  /** The action's name. */
  @IsOptional()
  @IsString()
  readonly actionName?: string | null;

  /** 0 pending, 1 done, 2 error, 3 pending and undeletable. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3)
  @ApiPropertyOptional({ type: 'integer', format: 'int32', minimum: 0, maximum: 3, nullable: true })
  readonly actionStatus?: number | null;

  /** The action's description. */
  @IsOptional()
  @IsString()
  readonly description?: string | null;

  /** The extended attributes: any members. */
  @IsOptional()
  @IsObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, nullable: true })
  readonly extension?: Record<string, unknown> | null;

  /** Whether the action is for collections. */
  @IsOptional()
  @IsBoolean()
  readonly isCollectionsAction?: boolean | null;

  /**
   * When the action is carried out: a calendar date (midnight in the billing system's own zone), an RFC 3339
   * date-time, or milliseconds since the epoch as the system itself replies. It is forwarded as it comes.
   */
  @IsOptional()
  @IsScheduledDate()
  @XmlText(scheduledDateOf)
  @ApiPropertyOptional({
    oneOf: [
      { type: 'string', format: 'date', example: '2021-02-14' },
      { type: 'string', format: 'date-time', example: '2021-02-14T09:30:00+05:30' },
      { type: 'integer', format: 'int64', example: 1613241000000 },
    ],
    nullable: true,
  })
  readonly scheduledDate?: string | number | null;

  /** The service that the action concerns. */
  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => ResourceRef)
  readonly serviceId?: ResourceRef | null;

  /** The login of the service. */
  @IsOptional()
  @IsString()
  readonly serviceLogin?: string | null;

  /** The type of the service. */
  @IsOptional()
  @IsString()
  readonly serviceType?: string | null;
}
