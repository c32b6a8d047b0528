import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { StatesFacts } from '../http/route-facts.js';

/** States that a route takes a form with one field that it reads. */
export function TakesForm(field: string): MethodDecorator {
  const schema = { type: 'object' as const, properties: { [field]: { type: 'string' } }, required: [field] };
  return applyDecorators(
    StatesFacts({ body: 'form' }),
    ApiConsumes('application/x-www-form-urlencoded'),
    ApiBody({ schema }),
  );
}
