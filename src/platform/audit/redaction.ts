import { createHmac } from 'node:crypto';
import '../http/raw-number.js';

/** What stands in the trail for a sensitive value: it can be matched by who knows the value, never read. */
export interface Redacted {
  /** HMAC-SHA-256 of the value's JSON text, base64url. */
  readonly hmac: string;
  /** Which key it was made with: 16 hex digits, from which the key cannot be found out. */
  readonly keyId: string;
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** Replaces every sensitive field of a payload, at any depth, by its keyed HMAC. */
export class Redaction {
  private constructor(
    private readonly fields: ReadonlySet<string>,
    private readonly current: Key,
    private readonly others: readonly Key[],
  ) {}

  /** `key` is what new values are redacted with; with the `others` those of before are still recognised. */
  static with(fields: readonly string[], key: Buffer, others: readonly Buffer[] = []): Redaction {
    return new Redaction(new Set(fields), named(key), others.map(named));
  }

  apply(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.apply(item));
    // An upstream's text may hold half of a surrogate pair, which has no canonical form.
    if (typeof value === 'string') return value.toWellFormed();
    if (typeof value !== 'object' || value === null) return value;
    // A number that a double cannot hold has no canonical form but its digits.
    if (JSON.isRawJSON(value)) return value.rawJSON;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name.toWellFormed(),
        this.fields.has(name) ? redacted(member, this.current) : this.apply(member),
      ]),
    );
  }

  /** What may stand in the trail for a value, by any known key: for who knows it and looks for its records. */
  all(value: unknown): Redacted[] {
    return [this.current, ...this.others].map((key) => redacted(value, key));
  }

  /** The redaction whose results can be compared with what an earlier one made, if its key is known; else this. */
  like(...earlier: readonly unknown[]): Redaction {
    const [first] = redactedIn(earlier);
    const key = this.others.find(({ id }) => id === first?.keyId);
    return key === undefined ? this : new Redaction(this.fields, key, []);
  }
}

/** Every redacted value in a payload, at any depth. */
export function redactedIn(value: unknown): (Pick<Redacted, 'hmac'> & Partial<Redacted>)[] {
  if (typeof value !== 'object' || value === null) return [];
  return isRedacted(value) ? [value] : Object.values(value).flatMap(redactedIn);
}

/** Of nothing but what is made here: a client's own member of that name is none. */
const HMAC = /^[\w-]{43}$/;
const KEY_ID = /^[0-9a-f]{16}$/;

/** Records of before there could be several keys name none. */
function isRedacted(value: object): value is Pick<Redacted, 'hmac'> & Partial<Redacted> {
  return (
    'hmac' in value &&
    Object.entries(value).every(
      ([name, text]) =>
        typeof text === 'string' &&
        ((name === 'hmac' && HMAC.test(text)) || (name === 'keyId' && KEY_ID.test(text))),
    )
  );
}

function redacted(value: unknown, { id, bytes }: Key): Redacted {
  return { hmac: createHmac('sha256', bytes).update(JSON.stringify(value)).digest('base64url'), keyId: id };
}

function named(bytes: Buffer): Key {
  return { id: createHmac('sha256', bytes).update('key id').digest('hex').slice(0, 16), bytes };
}
