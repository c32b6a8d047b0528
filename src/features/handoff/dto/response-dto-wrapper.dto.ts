import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const RECORD = { type: 'object', additionalProperties: true };
const RESPONSE_CODES = { type: 'array', items: RECORD };

@ApiSchema({
  description:
    'What the lending system says about a call. Its reference and its real replies differ in which member holds the list of response codes: both shapes pass through as they came.',
})
export class ResponseDto {
  /** `SUCCESS` or `WARNING`; a `FAILURE` is answered as a problem. */
  @ApiPropertyOptional({ type: String, nullable: true, example: 'SUCCESS' })
  readonly status?: unknown;

  /** The list of response codes; a text by the reference. */
  @ApiPropertyOptional({ oneOf: [RESPONSE_CODES, { type: 'string' }], nullable: true })
  readonly codes?: unknown;

  /** A text such as `OK`; the list of response codes by the reference. */
  @ApiPropertyOptional({ oneOf: [{ type: 'string' }, RESPONSE_CODES], nullable: true })
  readonly httpStatusCode?: unknown;

  /** The key of the record that was changed. */
  @ApiPropertyOptional({ type: String, nullable: true, example: 'HO123' })
  readonly keyId?: unknown;

  /** Empty in a reply that says that the change was made: an override is answered as a problem. */
  @ApiPropertyOptional({ type: String, nullable: true })
  readonly overrideAuthLevelsReqd?: unknown;

  /** The id under which the lending system logged the call. */
  @ApiPropertyOptional({ type: String, nullable: true, example: 'r1' })
  readonly requestId?: unknown;
}

@ApiSchema({ description: 'The envelope of every reply of the lending system.' })
export class ResponseDtoWrapper {
  /** The record, an open object whose discriminator is spelled `resouce_type`; or several of them. */
  @ApiPropertyOptional({ anyOf: [RECORD, { type: 'array', items: RECORD }], nullable: true })
  readonly data?: unknown;

  /** How the call ended. */
  @ApiProperty({ type: ResponseDto })
  readonly messages!: ResponseDto;
}
