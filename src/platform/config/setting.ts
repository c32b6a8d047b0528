import { X509Certificate, createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

/** Turns a setting's text into its value, or throws an `Expected` that says what was expected instead. */
export type Reader<T> = (text: string) => T;

/** What was expected of a setting that could not be read. */
export class Expected extends Error {}

/**
 * One environment variable. `fallback` makes it optional; without it the variable is required.
 * `about` is its line in the configuration table.
 */
export interface Setting<T> {
  readonly read: Reader<T>;
  readonly about: string;
  readonly fallback?: T;
  /** May also be given as `NAME_FILE`, and is never shown. */
  readonly secret?: boolean;
}

export const text: Reader<string> = (value) => value;

/** Scopes as they are asked for at a login (RFC 6749 section 3.3), by which the issuer knows that it is one. */
export const loginScope: Reader<string> = (value) => {
  if (
    !/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(value) ||
    !value.split(' ').includes('openid')
  )
    throw new Expected('scopes separated by blanks, openid among them');
  return value;
};

/** The value of a request header that the gateway sends: RFC 9110 section 5.5 without anything to guess at. */
export const headerValue: Reader<string> = (value) => {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new Expected('visible ASCII characters only');
  return value;
};

export const url: Reader<URL> = (value) => {
  const parsed = URL.parse(value);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new Expected('an absolute http or https URL');
  if (parsed.username !== '' || parsed.password !== '') throw new Expected('a URL without credentials');
  if (parsed.search !== '' || parsed.hash !== '') throw new Expected('a URL without query or fragment');
  return parsed;
};

/** A web origin, as a browser writes it into `Origin`: compared character by character (RFC 6454 section 6.2). */
export const origin: Reader<string> = (value) => {
  const parsed = URL.parse(value);
  // A URL may have a star in its host; here it could only be meant as a pattern.
  const exact = parsed?.origin === value && !value.includes('*');
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || !exact) {
    throw new Expected(
      'exact origins as a browser sends them, such as https://app.example: no path, no final slash, no *, no null',
    );
  }
  return value;
};

/** An issuer identifier: a URL that is compared character by character (RFC 8414 section 2). */
export const issuer: Reader<string> = (value) => {
  url(value);
  return value;
};

export const pattern: Reader<RegExp> = (value) => {
  try {
    return new RegExp(value);
  } catch (error) {
    throw new Expected('a regular expression', { cause: error });
  }
};

export function integer(minimum: number, maximum: number): Reader<number> {
  return (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (!(number >= minimum && number <= maximum)) {
      throw new Expected(`a whole number from ${minimum} to ${maximum}`);
    }
    return number;
  };
}

/** A decimal number, such as 0.5. */
export function decimal(minimum: number, maximum: number): Reader<number> {
  return (value) => {
    const number = /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) : NaN;
    if (!(number >= minimum && number <= maximum))
      throw new Expected(`a number from ${minimum} to ${maximum}, such as ${minimum}`);
    return number;
  };
}

export function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (value) => {
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw new Expected(`one of ${choices.join(', ')}`);
    return choice;
  };
}

/** An address of a PostgreSQL database. May hold a password. */
export const postgresUrl: Reader<URL> = (value) => {
  const parsed = URL.parse(value);
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol)) throw new Expected('a postgres:// URL');
  return parsed;
};

export const flag: Reader<boolean> = (value) => {
  if (value !== 'on' && value !== 'off') throw new Expected('on or off');
  return value === 'on';
};

export const timeZone: Reader<string> = (value) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch (error) {
    throw new Expected('an IANA time zone, such as Asia/Kolkata', { cause: error });
  }
};

/** A private Ed25519 key in PEM (PKCS #8). */
export const ed25519Key: Reader<KeyObject> = (value) => {
  try {
    const key = createPrivateKey(value);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, without the text of the key.
  }
  throw new Expected('a private Ed25519 key in PEM (openssl genpkey -algorithm ed25519)');
};

const CERTIFICATE = /-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs;

/** The certificates in a PEM file, by its path: at least one, and all of them readable. */
export const certificateFile: Reader<string> = (path) => {
  try {
    const certificates = readFileSync(path, 'utf8').match(CERTIFICATE) ?? [];
    for (const pem of certificates) new X509Certificate(pem);
    if (certificates.length > 0) return certificates.join('\n');
  } catch {
    // Said below.
  }
  throw new Expected('the path of a readable file with certificates in PEM');
};

/** Comma-separated `name=value` pairs. */
export const pairs: Reader<Readonly<Record<string, string>>> = (value) =>
  Object.fromEntries(
    value.split(',').map((pair): [string, string] => {
      const [, name, other] = /^\s*([^=\s]+)=([^=\s]+)\s*$/.exec(pair) ?? [];
      if (name === undefined || other === undefined)
        throw new Expected('name=value pairs, separated by commas');
      return [name, other];
    }),
  );

/** A share of a whole: 0 to 1. */
export const ratio: Reader<number> = (value) => {
  if (!/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/.test(value)) throw new Expected('a number from 0 to 1, such as 0.05');
  return Number(value);
};

/** A comma-separated list; every item by `item`, blanks around commas ignored. */
export function list<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
      .map(item);
}

/** Comma-separated addresses and CIDR blocks, such as `10.0.0.0/8`. */
export const addresses: Reader<BlockList> = (value) => {
  const blocks = new BlockList();
  for (const item of list(text)(value)) {
    const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(item) ?? [];
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6';
    const bits = family === 'ipv4' ? 32 : 128;
    const prefix = Number(length ?? bits);
    // All addresses there are would be no list. A zone or a mapped IPv4 address is never what a peer is compared by.
    if (isIP(address) === 0 || prefix < 1 || prefix > bits || /%|^::ffff:/i.test(address)) {
      throw new Expected('IP addresses and CIDR blocks, such as 10.0.0.5,10.1.0.0/16,fd00::/8; not /0');
    }
    blocks.addSubnet(address, prefix, family);
  }
  return blocks;
};

/** A key of at least 32 bytes, base64 or base64url. */
export const key: Reader<Buffer> = (value) => {
  const bytes = Buffer.from(value, 'base64');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value) || bytes.length < 32) {
    throw new Expected('at least 32 random bytes in base64 (openssl rand -base64 32)');
  }
  return bytes;
};
