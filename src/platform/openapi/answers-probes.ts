import { applyDecorators, type Type } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { Problem } from '../http/problem.js';
import { MET_ANYWHERE, REQUEST_ID_HEADER, problemResponses } from './answers.js';

/** What a probe is answered under one status. */
interface Probed {
  readonly description: string;
  readonly example: object;
}

/**
 * States for the document what a probe is answered, by status. It comes as JSON whatever `Accept` says: probes
 * say all sorts of things there, and read the status only.
 */
export function AnswersProbes(type: Type, statuses: Readonly<Record<number, Probed>>): MethodDecorator {
  const schema = { $ref: getSchemaPath(type) };
  return applyDecorators(
    ApiExtraModels(type),
    ...Object.entries(statuses).map(([status, { description, example }]) =>
      ApiResponse({
        status: Number(status),
        description,
        headers: { 'X-Request-Id': REQUEST_ID_HEADER },
        content: { 'application/json': { schema, example } },
      }),
    ),
    problemResponses(MET_ANYWHERE.map((code) => new Problem(code))),
  );
}
