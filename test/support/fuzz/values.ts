import fc from 'fast-check';
import type { Members, Value } from '../xml-format.js';
import type { Contract, Schema } from './contract.js';

/*
 * Narrower than the schemas, because no schema says it: both formats must be able to carry a text (docs/xml.md),
 * and some names mean something to JavaScript.
 */
const XML_TEXT = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const isName = (name: string): boolean => !(name in Object.prototype) && name !== 'prototype';

const AWKWARD = [
  ' ',
  '\r\n',
  '\t',
  '<',
  '&amp;',
  ']]>',
  '"\'',
  '\\u0041',
  '007',
  'true',
  'null',
  'é',
  '😀',
  '\u00A0',
  '\u2028',
  '\u202E',
  '\uFEFF',
  '{{7*7}}',
  "' or 1=1 --",
];

/** Text as a schema without a pattern allows it: mostly short, at times awkward or long. */
export const text: fc.Arbitrary<string> = fc
  .oneof(
    { weight: 60, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
    { weight: 30, arbitrary: fc.string({ maxLength: 24 }) },
    {
      weight: 20,
      arbitrary: fc.array(fc.constantFrom(...AWKWARD), { maxLength: 4 }).map((parts) => parts.join('')),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          fc.constantFrom('x', 'é', '<', '😀', ' '),
          fc.oneof(
            { weight: 4, arbitrary: fc.integer({ min: 100, max: 1_000 }) },
            { weight: 1, arbitrary: fc.integer({ min: 1_000, max: 9_000 }) },
          ),
        )
        .map(([piece, times]) => piece.repeat(times)),
    },
  )
  .filter((value) => XML_TEXT.test(value));

const name = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('item', 'member', 'type', 'name', 'a b', '', '1', 'a:b', 'x-y.z', 'xmlns', 'i'),
  )
  .filter((value) => XML_TEXT.test(value) && isName(value));

const scalar: fc.Arbitrary<Value> = fc.oneof(
  text,
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
);

/** What an open object may hold. At most 20 levels are accepted; these are fewer. */
export const { open } = fc.letrec<{ value: Value; open: Members; list: Value[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, tie('list'), tie('open')),
  list: fc.array(fc.oneof(fc.constant(null), tie('value')), { maxLength: 3 }),
  open: fc.dictionary(name, fc.oneof({ weight: 9, arbitrary: tie('value') }, fc.constant(null)), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
}));

const two = (number: number): string => String(number).padStart(2, '0');

/** Calendar dates that exist (RFC 3339, section 5.6). */
const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));

/** As precise as nine digits of a second, and with any offset; a leap second is not accepted. */
const dateTime = fc
  .record({
    date,
    time: fc.tuple(fc.nat(23), fc.nat(59), fc.nat(59)),
    fraction: fc.option(fc.stringMatching(/^\d{1,9}$/)),
    offset: fc.option(fc.tuple(fc.constantFrom('+', '-'), fc.nat(23), fc.nat(59))),
  })
  .map(
    ({ date: day, time, fraction, offset }) =>
      `${day}T${time.map(two).join(':')}${fraction === null ? '' : `.${fraction}`}${
        offset === null ? 'Z' : `${offset[0]}${two(offset[1])}:${two(offset[2])}`
      }`,
  );

/** Every value that a schema of the document describes, and little else. */
export class Values {
  /** `narrower`: by name, what is wanted of a parameter or member beyond what the document says. */
  constructor(
    private readonly contract: Contract,
    private readonly narrower: Readonly<Record<string, Schema>>,
  ) {}

  named(name: string, schema: Schema): fc.Arbitrary<Value> {
    return this.of(this.narrower[name] ?? schema);
  }

  of(schema: Schema): fc.Arbitrary<Value> {
    if (schema.$ref !== undefined) return this.of(this.contract.resolve(schema));
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (choices !== undefined) return fc.oneof(...choices.map((choice) => this.of(choice)));
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
    const types = [schema.type ?? []].flat();
    return fc.oneof(
      ...types.map((type) => ({ weight: type === 'null' ? 1 : 5, arbitrary: this.ofType(type, schema) })),
    );
  }

  private ofType(type: string, schema: Schema): fc.Arbitrary<Value> {
    switch (type) {
      case 'null':
        return fc.constant(null);
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return integer(schema);
      case 'string':
        return string(schema);
      case 'object':
        return this.object(schema);
      default:
        throw new Error(`no request has a ${type} so far`);
    }
  }

  private object({ properties, required = [] }: Schema): fc.Arbitrary<Members> {
    if (properties === undefined) return open;
    const members = Object.fromEntries(
      Object.entries(properties).map(([member, schema]) => [member, this.named(member, schema)]),
    );
    return fc
      .tuple(fc.record(members, { requiredKeys: [...required], noNullPrototype: true }), fc.nat())
      .map(([value, order]) => reordered(value, order));
  }
}

function integer({ format, minimum, maximum }: Schema): fc.Arbitrary<number> {
  const [least, most] =
    format === 'int32' ? [-(2 ** 31), 2 ** 31 - 1] : [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER];
  return fc.integer({ min: minimum ?? least, max: maximum ?? most });
}

function string({ format, pattern, minLength = 0, maxLength = Infinity }: Schema): fc.Arbitrary<string> {
  const fits = (value: string): boolean => {
    const { length } = Array.from(value);
    return length >= minLength && length <= maxLength && XML_TEXT.test(value);
  };
  if (format === 'date') return date;
  if (format === 'date-time') return dateTime;
  if (format !== undefined) throw new Error(`no request has the format ${format} so far`);
  return (pattern === undefined ? text : fc.stringMatching(new RegExp(pattern, 'u'))).filter(fits);
}

/** The same members in another order. */
function reordered(members: Members, order: number): Members {
  const entries = Object.entries(members);
  const at = entries.length === 0 ? 0 : order % entries.length;
  const turned = [...entries.slice(at), ...entries.slice(0, at)];
  return Object.fromEntries(order % 2 === 0 ? turned : turned.reverse());
}
