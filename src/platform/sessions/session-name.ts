import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../http/problem.js';

/** The public name of a session, a UUID. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const SESSION_NAME_ADVICE = 'The name of a session looks like 01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d.';

/** What the document says of the parameter. */
export const SESSION_NAME = {
  name: 'id',
  description: 'The name of a session, as a list of sessions or a record tells it.',
  schema: { type: 'string', pattern: UUID.source, example: '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d' },
};

/** Lets the name of a session through only if it looks like one. */
@Injectable()
export class SessionNamePipe implements PipeTransform<string, string> {
  transform(name: string): string {
    if (UUID.test(name)) return name;
    throw new Problem('invalid-id', { detail: SESSION_NAME_ADVICE });
  }
}
