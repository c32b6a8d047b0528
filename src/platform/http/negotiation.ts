import Negotiator from 'negotiator';
import { Problem } from './problem.js';

/** How a reply is represented. */
export type Format = 'json' | 'xml';

const REPLIES: Readonly<Record<string, Format>> = { 'application/json': 'json', 'application/xml': 'xml' };

/** A client that asks for problem documents by their own media types gets them. */
const PROBLEMS: Readonly<Record<string, Format>> = {
  'application/problem+json': 'json',
  'application/json': 'json',
  'application/problem+xml': 'xml',
  'application/xml': 'xml',
};

/** Every reply is UTF-8: a client that asks for that asks for nothing special. */
const UTF8_PARAMETER = /;[ \t]*charset="?utf-8"?(?=[ \t]*(?:[;,]|$))/gi;

function best<T>(accept: string | undefined, offers: Readonly<Record<string, T>>): T | undefined {
  // An empty list rules nothing out: some clients send it where they mean none.
  const ranges = accept?.trim() === '' ? undefined : accept?.replace(UTF8_PARAMETER, '');
  const [first] = new Negotiator({ headers: { accept: ranges } }).mediaTypes(Object.keys(offers));
  return first === undefined ? undefined : offers[first];
}

/** The format of a problem document: RFC 9457 section 3 lets it be sent even if nothing acceptable fits. */
export function problemFormat(accept: string | undefined): Format {
  return best(accept, PROBLEMS) ?? 'json';
}

/** Whether a page fits better than a problem document: a browser that shows what it gets says so. */
export function prefersPage(accept: string | undefined): boolean {
  return (
    best(accept, { 'application/problem+json': false, 'application/json': false, 'text/html': true }) ?? false
  );
}

/** The format of a successful reply (RFC 9110 section 12.5.1), or `not-acceptable` if none fits. */
export function replyFormat(accept: string | undefined): Format {
  const format = best(accept, REPLIES);
  if (format === undefined) {
    throw new Problem('not-acceptable');
  }
  return format;
}

/** Throws `not-acceptable` unless the one media type that a reply has is accepted. */
export function expectAccepted(accept: string | undefined, mediaType: string): void {
  if (best(accept, { [mediaType]: true }) === undefined) throw new Problem('not-acceptable');
}
