import type { IncomingMessage } from 'node:http';
import { Problem, unsupportedMediaType } from './problem.js';
import { remembered } from './remembered.js';

/** Apache and HAProxy draw the line here too. */
const MOST_HEADER_LINES = 100;

// RFC 3986 section 3.2.2 and 3.2.3: a name or an address, and a port.
const HOST = /^(?:[\w.~!$&'()*+,;=%-]*|\[[\da-f:.]+\])(?::\d*)?$/i;

// RFC 9110 sections 5.6.2, 5.6.6 and 8.3.1.
const TOKEN = "[\\w!#$%&'*+.^`|~-]+";
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}`);
const PARAMETER = new RegExp(
  `[ \\t]*;[ \\t]*(?:(?<name>${TOKEN})=(?:(?<token>${TOKEN})|"(?<quoted>(?:[^"\\\\]|\\\\.)*)"))?`,
  'gy',
);

/** Headers of which a second line would leave open which one counts. */
const SINGLE_HEADERS: ReadonlySet<string> = new Set([
  'host',
  'authorization',
  'content-type',
  'content-length',
  'idempotency-key',
  'account-id',
  'x-request-id',
]);

/**
 * Refuses what Node's parser lets through although two readers could understand it differently. Looks at the
 * raw header lines, since `headers` has already dropped or joined some.
 */
export function refuseAmbiguousRequest(request: IncomingMessage): void {
  const { httpVersion } = request;
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw malformed('The version of HTTP is not 1.1.');
  const { rawHeaders } = request;
  if (rawHeaders.length / 2 > MOST_HEADER_LINES) {
    throw new Problem('headers-too-large', { detail: `More than ${MOST_HEADER_LINES} header lines.` });
  }
  // RFC 9112 section 3.2: no request target has a fragment. The router would cut it off, and the id with it.
  if (request.url?.includes('#') === true) throw malformed('The request target has a fragment.');
  // Mostly every line has a name of its own, and no name needs to be looked at.
  if (Object.keys(request.headers).length !== rawHeaders.length / 2) refuseRepeatedLines(rawHeaders);
  // RFC 9112 section 3.2: a request without Host, with two, or with one that is none, is answered 400.
  const { host } = request.headers;
  if (host === undefined && httpVersion === '1.1') throw malformed('The header host is missing.');
  if (host !== undefined && !HOST.test(host)) throw malformed('The header host names no host.');
  // RFC 9112 section 6.1: a coding that is not understood must not be guessed at, and HTTP/1.0 has none.
  const coding = request.headers['transfer-encoding'];
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || httpVersion === '1.0')) {
    throw malformed('The only transfer coding that is understood is chunked.');
  }
}

function refuseRepeatedLines(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let line = 0; line < rawHeaders.length; line += 2) {
    const name = rawHeaders[line]?.toLowerCase() ?? '';
    if (SINGLE_HEADERS.has(name) && seen.has(name))
      throw malformed(`The header ${name} was sent more than once.`);
    seen.add(name);
  }
}

function malformed(detail: string): Problem {
  return new Problem('malformed-request', { detail, headers: { connection: 'close' } });
}

/** Refuses parameters that nobody reads: who sends them believes that they do something. */
export function refuseQuery(url: string): void {
  if (url.includes('?'))
    throw new Problem('malformed-request', { detail: 'The route takes no query parameters.' });
}

/** Refuses a query whose escapes are not UTF-8: the parser would take them as they are. */
export function refuseUnreadableQuery(url: string): void {
  try {
    decodeURIComponent(url.slice(url.indexOf('?') + 1));
  } catch (error) {
    throw new Problem(
      'malformed-request',
      { detail: 'The query is not percent-encoded UTF-8.' },
      { cause: error },
    );
  }
}

/** Refuses a body that nobody reads, for the same reason. */
export function refuseBody({ headers }: IncomingMessage): void {
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0)
    throw new Problem('malformed-request', { detail: 'The route takes no body.' });
}

/** Refuses codings and character sets that would have to be undone before a body could be checked. */
export function refuseEncodedBody(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined) {
    // RFC 9110 section 12.5.3: a 415 for a coding says which codings are accepted.
    throw new Problem('unsupported-media-type', {
      detail: 'A body with Content-Encoding is not read.',
      headers: { 'accept-encoding': 'identity' },
    });
  }
  const type = request.headers['content-type'];
  if (type === undefined) return;
  if (charsetsOf(type).some((charset) => charset?.toLowerCase() !== 'utf-8'))
    throw unsupportedMediaType('The only character set is UTF-8.');
}

/** Every character set that a Content-Type names: of several, another reader may go by another one. */
const charsetsOf = remembered((contentType): readonly (string | undefined)[] => {
  const [type = ''] = MEDIA_TYPE.exec(contentType) ?? [];
  const parameters = [...contentType.slice(type.length).matchAll(PARAMETER)];
  const understood = [type, ...parameters.map(([text]) => text)].join('');
  if (type === '' || understood !== contentType)
    throw unsupportedMediaType('Content-Type is not a media type.');
  return parameters
    .filter(({ groups }) => /^charset\*?$/i.test(groups?.['name'] ?? ''))
    .map(({ groups }) => groups?.['token'] ?? groups?.['quoted']);
});
