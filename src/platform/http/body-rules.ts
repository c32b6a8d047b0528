import { WHOLE_BODY, invalidBody } from './problem.js';

/** No documented body is nested deeper than three levels; open objects may be. */
export const MOST_DEPTH = 20;

/**
 * Far more than a documented body has: members and items in JSON, elements in XML, the whole body among them.
 * The time that a body takes grows with the square of it.
 */
export const MOST_VALUES = 2_000;

/** Names that mean something to JavaScript objects themselves: on the way to a DTO they would get lost. */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);

// The `Char` production of XML 1.0 section 2.2.
const XML_TEXT = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Whether XML 1.0 can carry the text: what only JSON could carry is refused, so that both mean the same. */
export function isCarriedByXml(text: string): boolean {
  return XML_TEXT.test(text);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a body, which must be UTF-8. A byte order mark is dropped. */
export function decodeUtf8(bytes: Buffer): string {
  if (bytes.length === 0)
    throw invalidBody('malformed-body', [{ pointer: WHOLE_BODY, message: 'the body is empty' }]);
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalidBody('malformed-body', [{ pointer: WHOLE_BODY, message: 'the body is not UTF-8' }]);
  }
}
