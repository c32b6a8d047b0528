import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsNotEmpty, IsObject, IsString, Max, Min, ValidateNested } from 'class-validator';
import { OptionalOrNull } from '../../../platform/http/optional-or-null.js';
import { XmlText } from '../../../platform/http/xml/xml-binding.js';
import { FURTHEST_MS, IsScheduledDate, scheduledDateOf } from '../scheduled-date.js';

/** What the numbers of `actionStatus` mean. */
export const ActionStatus = { pending: 0, done: 1, error: 2, pendingAndUndeletable: 3 } as const;

@ApiSchema({ description: 'A reference to another record of the billing system.' })
export class ResourceRef {
  /**
   * The id of the record.
   * @example 0.0.0.1+-schedule+255194
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1 })
  readonly id!: string;

  /** The Uniform Resource Identifier of the record. */
  @OptionalOrNull()
  @IsString()
  readonly uri?: string;
}

@ApiSchema({
  description:
    'A future-dated change in the billing system. In a request, fields that are left out or null stay as they are, and at least one must say something; in a reply, null means unchanged.',
})
export class DeferredAction {
  /** The action itself. In a request its `id` must equal the one in the path. */
  @OptionalOrNull()
  @ValidateNested()
  @IsObject()
  @Type(() => ResourceRef)
  readonly actionId?: ResourceRef;

  /**
   * The action's name.
   * @example Inactivate service
   */
  @OptionalOrNull()
  @IsString()
  readonly actionName?: string;

  /** 0 pending, 1 done, 2 error, 3 pending and undeletable. */
  @OptionalOrNull()
  @IsInt()
  @Min(0)
  @Max(3)
  @ApiPropertyOptional({ type: 'integer', format: 'int32' })
  readonly actionStatus?: number;

  /** The action's description. */
  @OptionalOrNull()
  @IsString()
  readonly description?: string;

  /** The extended attributes: any members. */
  @OptionalOrNull()
  @IsObject()
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  readonly extension?: Record<string, unknown>;

  /** Whether the action is for collections. */
  @OptionalOrNull()
  @IsBoolean()
  readonly isCollectionsAction?: boolean;

  /**
   * When the action is carried out: a calendar date (midnight in the billing system's own zone), an RFC 3339
   * date-time, or milliseconds since the epoch as the system itself replies. It is forwarded as it comes.
   */
  @OptionalOrNull()
  @IsScheduledDate()
  @XmlText(scheduledDateOf)
  @ApiPropertyOptional({
    // A reader that ignores formats takes a date for a date-time too, so that `oneOf` would fit neither.
    anyOf: [
      { type: 'string', format: 'date', example: '2021-02-14' },
      { type: 'string', format: 'date-time', example: '2021-02-14T09:30:00+05:30' },
      {
        type: 'integer',
        format: 'int64',
        minimum: -FURTHEST_MS,
        maximum: FURTHEST_MS,
        example: 1613241000000,
      },
    ],
  })
  readonly scheduledDate?: string | number;

  /** The service that the action concerns. */
  @OptionalOrNull()
  @ValidateNested()
  @IsObject()
  @Type(() => ResourceRef)
  readonly serviceId?: ResourceRef;

  /**
   * The login of the service.
   * @example "919900112233"
   */
  @OptionalOrNull()
  @IsString()
  readonly serviceLogin?: string;

  /**
   * The type of the service.
   * @example /service/telco/gsm
   */
  @OptionalOrNull()
  @IsString()
  readonly serviceType?: string;
}
