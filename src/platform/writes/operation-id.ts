import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../http/problem.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const OPERATION_ID_ADVICE = 'An operation id looks like 01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d.';

/** What the document says of the parameter. */
export const OPERATION_ID = {
  name: 'operationId',
  description: 'The id of a write, as the header `Operation-Id` told it.',
  schema: { type: 'string', pattern: UUID.source, example: '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d' },
};

/** Lets the id of a write through only if it looks like one. */
@Injectable()
export class OperationIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    if (UUID.test(id)) return id;
    throw new Problem('invalid-id', { detail: OPERATION_ID_ADVICE });
  }
}
