import { Injectable, type PipeTransform } from '@nestjs/common';
import { Problem } from '../../platform/http/problem.js';

/** Database version, class, number, revision: `0.0.0.1+-schedule+255194`. Numbers go beyond 2^53. */
const ID = /^(\d+\.\d+\.\d+\.\d+)\+((?:-[A-Za-z0-9_]+)+)?\+(-?\d{1,19})(?:\+(\d+))?$/;
const LONGEST = 128;

/** What the document says of an id. */
export const BILLING_ID = { pattern: ID.source, maxLength: LONGEST };
export const ID_ADVICE = 'An id looks like 0.0.0.1+-schedule+255194.';

/** Lets the id of a billing record through only if it looks like one, before it becomes part of a path. */
@Injectable()
export class BillingIdPipe implements PipeTransform<string, string> {
  transform(id: string): string {
    return billingId(id);
  }
}

/** Whether a text looks like the id of a billing record. */
export function isBillingId(text: string): boolean {
  return text.length <= LONGEST && ID.test(text);
}

/** The id itself if it looks like one of a billing record; throws `invalid-id` otherwise. */
export function billingId(id: string): string {
  if (isBillingId(id)) return id;
  throw new Problem('invalid-id', {
    detail: id.includes(' ')
      ? 'The id has a space: something on the way decoded its `+`. Send it as %2B.'
      : ID_ADVICE,
  });
}

/** A checked id as one segment of an upstream path. Everything in it but `+` is safe by its pattern. */
export function pathSegment(id: string, plus: 'encoded' | 'raw'): string {
  return plus === 'encoded' ? id.replaceAll('+', '%2B') : id;
}
