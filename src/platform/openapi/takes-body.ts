import { applyDecorators, type Type } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtraModels, getSchemaPath } from '@nestjs/swagger';
import { StatesFacts } from '../http/route-facts.js';

/** An example of a request body: what it does, and the body as JSON. */
export interface BodyExample {
  readonly summary: string;
  readonly value: object;
}

/** States the body that a route takes, as JSON or XML. The first example is the one that is shown first. */
export function TakesBody(type: Type, examples: Readonly<Record<string, BodyExample>>): MethodDecorator {
  return applyDecorators(
    StatesFacts({ body: true }),
    ApiConsumes('application/json', 'application/xml'),
    ApiExtraModels(type),
    ApiBody({ schema: { $ref: getSchemaPath(type) }, examples }),
  );
}
