import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import type { ProblemCode } from './problem-types.js';
import { Problem, unsupportedMediaType } from './problem.js';

/** Which problem a status means when the router, Node's parser or the framework refuses by itself. */
const BY_STATUS: Readonly<Record<number, ProblemCode>> = {
  400: 'malformed-request',
  404: 'not-found',
  405: 'method-not-allowed',
  406: 'not-acceptable',
  408: 'request-timeout',
  413: 'payload-too-large',
  414: 'uri-too-long',
  415: 'unsupported-media-type',
  431: 'headers-too-large',
};

/** What any thrown thing is to a client. Whatever is not a refusal with a 4xx status is a fault of our own. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const status = statusOf(error);
  const code = status === undefined ? undefined : BY_STATUS[status];
  if (code === 'unsupported-media-type') return unsupportedMediaType(undefined, { cause: error });
  if (code !== undefined) return new Problem(code, {}, { cause: error });
  // A 4xx of the framework that has no row of its own is still the client's to fix.
  if (status !== undefined && status >= 400 && status < 500) {
    return new Problem('malformed-request', { status, detail: STATUS_CODES[status] ?? '' }, { cause: error });
  }
  return new Problem('internal-error', {}, { cause: error });
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}
