import { ApiHeader } from '@nestjs/swagger';

/** A structured-field string (RFC 9651, section 3.3.3), or the key without quotes; at most 255 characters. */
const KEY = String.raw`^(?:"(?:[ !#-\[\]-~]|\\[\\"]){1,255}"|[A-Za-z0-9._~:/+=-]{1,255})$`;

/** States that a write may be named by its client. */
export const TakesIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it.',
    schema: { type: 'string', pattern: KEY, example: '8e03978e-40d5-43dd-bc93-6894a57f9324' },
  });
