import { readXml } from './xml-reader.js';
import { writeXml } from './xml-writer.js';
import type { Reply, UpstreamCall } from './route.js';

/** The body of a call is not what its `Content-Type` says. */
export class UnreadableBody extends Error {}

/**
 * Reads a body as JSON, or as XML when the `Content-Type` says so.
 * @throws UnreadableBody
 */
export function readBody({ headers, body }: UpstreamCall): unknown {
  try {
    return isXml(headers['content-type'] ?? '') ? readXml(body) : (JSON.parse(body) as unknown);
  } catch (cause) {
    throw new UnreadableBody(cause instanceof Error ? cause.message : 'The body cannot be read.', { cause });
  }
}

/** The headers and the text of a reply, in JSON unless the `Accept` header names XML first. */
export function writeReply(
  reply: Reply,
  accept: string | undefined,
): { headers: Record<string, string>; text: string } {
  if (reply.document === undefined) {
    return { headers: { ...reply.headers }, text: '' };
  }
  const xml = prefersXml(accept ?? '');
  return {
    headers: { ...reply.headers, 'content-type': xml ? 'application/xml' : 'application/json' },
    text: xml ? writeXml(reply.document) : JSON.stringify(reply.document.content),
  };
}

function prefersXml(accept: string): boolean {
  const known = accept
    .split(',')
    .find((range) => isXml(range) || /^\s*(application\/json|\*\/\*)/i.test(range));
  return known !== undefined && isXml(known);
}

function isXml(mediaType: string): boolean {
  return /^\s*(application|text)\/xml\b/i.test(mediaType);
}
