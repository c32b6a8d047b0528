declare global {
  // ECMA-262, "JSON.parse source text access": in Node since version 21, not yet in TypeScript's library.
  interface JSON {
    rawJSON(text: string): RawNumber;
    isRawJSON(value: unknown): value is RawNumber;
    parse(
      text: string,
      reviver: (name: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown;
  }
}

/** A number kept as its digits, because a double cannot hold it. `JSON.stringify` writes them as they are. */
export interface RawNumber {
  readonly rawJSON: string;
}

/** What every number matches that a double may not hold: a double holds any 15 digits (IEEE 754). */
const LONG_OR_WITH_EXPONENT = /[\d.]{16}|\d[eE]/;

/** Parses JSON without losing a digit of any number. */
export function parseKeepingDigits(text: string): unknown {
  if (!LONG_OR_WITH_EXPONENT.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_name: string, value: unknown, { source }: { readonly source?: string }) =>
    typeof value === 'number' && source !== undefined && losesDigits(source) ? JSON.rawJSON(source) : value,
  );
}

/** Whether a JSON number changes when it goes through an IEEE 754 double (RFC 8259 section 6). */
export function losesDigits(literal: string): boolean {
  return (
    LONG_OR_WITH_EXPONENT.test(literal) && plainDecimal(literal) !== plainDecimal(String(Number(literal)))
  );
}

/** The number as sign, significant digits and exponent: `-1.50e3` and `-1500` give the same. */
function plainDecimal(literal: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(literal) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = withoutTrailingZeros(digits);
  if (significant === '') return whole === '' ? literal : '0';
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}

/** Not `/0+$/`, which tries again at every zero: a number as long as a body would take seconds. */
function withoutTrailingZeros(digits: string): string {
  let length = digits.length;
  while (digits[length - 1] === '0') length--;
  return digits.slice(0, length);
}
