import { Expected, type Reader } from './setting.js';

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Comma-separated `name=value` pairs with percent-encoded values: how the variables of OpenTelemetry list things
 * (opentelemetry.io/docs/specs/otel/protocol/exporter, after W3C Baggage).
 */
export const encodedPairs: Reader<Readonly<Record<string, string>>> = (value) =>
  Object.fromEntries(
    value.split(',').map((pair): [string, string] => {
      const [, name = '', encoded = ''] = /^\s*([^=]+?)\s*=\s*([\x21-\x7e]+)\s*$/.exec(pair) ?? [];
      const decoded = TOKEN.test(name) ? decodedOrNot(encoded) : undefined;
      if (decoded === undefined)
        throw new Expected('name=value pairs, separated by commas, values percent-encoded');
      return [name, decoded];
    }),
  );

function decodedOrNot(encoded: string): string | undefined {
  try {
    return encoded === '' ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** Header lines that belong to whoever sends the request. */
const NOT_OURS = /^(content-.*|host|connection|transfer-encoding|user-agent)$/i;

/** Request headers as `encodedPairs`, whose values may have blanks. */
export const headers: Reader<Readonly<Record<string, string>>> = (value) => {
  const pairs = encodedPairs(value);
  for (const [name, text] of Object.entries(pairs)) {
    if (NOT_OURS.test(name) || !/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text))
      throw new Expected('headers of visible ASCII characters, none that the exporter sends by itself');
  }
  return pairs;
};

/** What a login says by itself (RFC 6749, RFC 7636, OpenID Connect Core 1.0). */
const SAID_BY_LOGIN =
  /^(client_(id|secret|assertion.*)|response_(type|mode)|redirect_uri|scope|state|nonce|code_challenge.*|request(_uri)?)$/;

/** Further parameters of an authorization request, as `encodedPairs`. */
export const loginParameters: Reader<Readonly<Record<string, string>>> = (value) => {
  const pairs = encodedPairs(value);
  if (Object.keys(pairs).some((name) => SAID_BY_LOGIN.test(name)))
    throw new Expected('parameters that the gateway does not send by itself');
  return pairs;
};
