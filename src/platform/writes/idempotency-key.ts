import { digest } from '../audit/chain.js';
import { Problem } from '../http/problem.js';

// draft-ietf-httpapi-idempotency-key-header-07 section 2: a structured-field string (RFC 9651 section 3.3.3).
const QUOTED = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"$/;
// Many clients send the key without quotes.
const BARE = /^[A-Za-z0-9._~:/+=-]+$/;
const LONGEST = 255;

/** The key in a header's text, or nothing if there is no header. */
export function parseIdempotencyKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const key = QUOTED.exec(header)?.[1]?.replace(/\\(.)/g, '$1') ?? (BARE.test(header) ? header : undefined);
  if (key !== undefined && key.length <= LONGEST) return key;
  throw new Problem('malformed-request', {
    detail: `Idempotency-Key is a text of at most ${LONGEST} characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324".`,
  });
}

/** What a key stands for: the same content in JSON and in XML has the same fingerprint. */
export function fingerprint(operation: string, resource: string, body: unknown): string {
  return digest({ operation, resource, body });
}
