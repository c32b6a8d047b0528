import Negotiator from 'negotiator';
import { Problem } from './problem.js';
import { remembered } from './remembered.js';

/** How a reply is represented. */
export type Format = 'json' | 'xml';

/** Every reply is UTF-8: a client that asks for that asks for nothing special. */
const UTF8_PARAMETER = /;[ \t]*charset="?utf-8"?(?=[ \t]*(?:[;,]|$))/gi;

/** Chooses among what is offered by the `Accept` of a request; undefined if nothing is acceptable. */
function choice<T>(offers: Readonly<Record<string, T>>): (accept: string | undefined) => T | undefined {
  const types = Object.keys(offers);
  const bestOf = remembered((accept) => {
    const ranges = accept.replace(UTF8_PARAMETER, '');
    return new Negotiator({ headers: { accept: ranges } }).mediaTypes(types).slice(0, 1);
  });
  return (accept) => {
    // An empty list rules nothing out: some clients send it where they mean none.
    const [first] = accept === undefined || accept.trim() === '' ? types : bestOf(accept);
    return first === undefined ? undefined : offers[first];
  };
}

const bestReply = choice<Format>({ 'application/json': 'json', 'application/xml': 'xml' });
/** A client that asks for problem documents by their own media types gets them. */
const bestProblem = choice<Format>({
  'application/problem+json': 'json',
  'application/json': 'json',
  'application/problem+xml': 'xml',
  'application/xml': 'xml',
});
const bestForPeople = choice({
  'application/problem+json': false,
  'application/json': false,
  'text/html': true,
});

/** The format of a problem document: RFC 9457 section 3 lets it be sent even if nothing acceptable fits. */
export function problemFormat(accept: string | undefined): Format {
  return bestProblem(accept) ?? 'json';
}

/** Whether a page fits better than a problem document: a browser that shows what it gets says so. */
export function prefersPage(accept: string | undefined): boolean {
  return bestForPeople(accept) ?? false;
}

/** The format of a successful reply (RFC 9110 section 12.5.1), or `not-acceptable` if none fits. */
export function replyFormat(accept: string | undefined): Format {
  const format = bestReply(accept);
  if (format === undefined) throw new Problem('not-acceptable');
  return format;
}

const bestOfOne = remembered((mediaType) => choice({ [mediaType]: true }));

/** Throws `not-acceptable` unless the one media type that a reply has is accepted. */
export function expectAccepted(accept: string | undefined, mediaType: string): void {
  if (bestOfOne(mediaType)(accept) === undefined) throw new Problem('not-acceptable');
}
