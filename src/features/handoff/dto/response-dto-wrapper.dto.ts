import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/**
 * Messages of the lending system. Its reference and its real replies differ in which member holds the list of
 * codes: both shapes pass through as they came.
 */
export class ResponseDto {
  /** `SUCCESS`, `WARNING` or `FAILURE`. */
  @ApiPropertyOptional({ type: String, nullable: true })
  readonly status?: unknown;

  /** A list of response codes; a text by the reference. */
  @ApiPropertyOptional({
    oneOf: [{ type: 'array', items: { type: 'object', additionalProperties: true } }, { type: 'string' }],
    nullable: true,
  })
  readonly codes?: unknown;

  /** A text such as `OK`; a list of response codes by the reference. */
  @ApiPropertyOptional({
    oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'object', additionalProperties: true } }],
    nullable: true,
  })
  readonly httpStatusCode?: unknown;

  @ApiPropertyOptional({ type: String, nullable: true })
  readonly keyId?: unknown;

  @ApiPropertyOptional({ type: String, nullable: true })
  readonly overrideAuthLevelsReqd?: unknown;

  /** The id under which the lending system logged the call. */
  @ApiPropertyOptional({ type: String, nullable: true })
  readonly requestId?: unknown;
}

/** The envelope of every reply of the lending system. */
export class ResponseDtoWrapper {
  /** The record; an open object whose discriminator is spelled `resouce_type`. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  readonly data?: unknown;

  @ApiProperty({ type: ResponseDto })
  readonly messages!: ResponseDto;
}
