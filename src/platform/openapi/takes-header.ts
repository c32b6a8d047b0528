import { ApiHeader } from '@nestjs/swagger';

/** States that a write may be named by its client. */
export const TakesIdempotencyKey = (): MethodDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Names the write, such as a UUID: repeated with the same key it is never sent twice, but answered with how it ended. The operator may require it.',
    schema: { type: 'string', maxLength: 257, example: '8e03978e-40d5-43dd-bc93-6894a57f9324' },
  });
