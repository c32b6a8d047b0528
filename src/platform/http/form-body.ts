import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { WHOLE_BODY, invalidBody, pointerTo } from './problem.js';

/** Reads a form (application/x-www-form-urlencoded), or throws `malformed-body`. */
export function readForm(bytes: Buffer): URLSearchParams {
  try {
    return new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidBody('malformed-body', [{ pointer: WHOLE_BODY, message: 'the body is not UTF-8' }]);
  }
}

/** Hands a field of a form to a controller's method: it has to be there once. Others are not looked at. */
export const FormField = createParamDecorator((name: string, execution: ExecutionContext): string => {
  const { body } = execution.switchToHttp().getRequest<FastifyRequest>();
  const [value, ...more] = body instanceof URLSearchParams ? body.getAll(name) : [];
  if (value !== undefined && value !== '' && more.length === 0) return value;
  const message = more.length > 0 ? 'was sent more than once' : 'is required';
  throw invalidBody('invalid-request', [{ pointer: pointerTo([name]), message }]);
});
