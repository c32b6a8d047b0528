import { createHmac } from 'node:crypto';
import '../http/raw-number.js';

/** What stands in the trail for a sensitive value: it can be matched by who knows the value, never read. */
export interface Redacted {
  /** HMAC-SHA-256 of the value's JSON text, base64url. */
  readonly hmac: string;
}

/** Replaces every sensitive field of a payload, at any depth, by its keyed HMAC. */
export class Redaction {
  constructor(
    private readonly fields: ReadonlySet<string>,
    private readonly key: Buffer,
  ) {}

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
        this.fields.has(name) ? { hmac: this.hmac(member) } : this.apply(member),
      ]),
    );
  }

  /** What stands in the trail for a value: for who knows it and looks for its records. */
  hmac(value: unknown): string {
    return createHmac('sha256', this.key).update(JSON.stringify(value)).digest('base64url');
  }
}

/** Every digest in a redacted payload. */
export function hmacsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'hmac' && typeof first[1] === 'string') return [first[1]];
  return entries.flatMap(([, member]) => hmacsIn(member));
}
