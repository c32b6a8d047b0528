import * as fc from 'fast-check';
import { readJson } from './json-body.js';
import { Problem } from './problem.js';

function refusal(bytes: Buffer | string): {
  code: string;
  pointer: string | undefined;
  message: string | undefined;
} {
  try {
    readJson(Buffer.from(bytes));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [fault] = error.facts.errors ?? [];
    return { code: error.code, pointer: fault?.pointer, message: fault?.message };
  }
  throw new Error('it was accepted');
}

/** An array in an array in an array …, `depth` of them. */
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const list = (items: number): string => `[${'0,'.repeat(items - 1)}0]`;

describe('a JSON body', () => {
  it.each<[string, unknown]>([
    ['{}', {}],
    ['[1]', [1]],
    ['null', null],
    [' \r\n\t"x" ', 'x'],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['{"a":{"x":1},"b":{"x":1}}', { a: { x: 1 }, b: { x: 1 } }],
    [String.raw`"\ud83d\ude00 \u20ac \t"`, '😀 € \t'],
    ['{"a":9007199254740992}', { a: 9007199254740992 }],
    ['{"a":"9007199254740993"}', { a: '9007199254740993' }],
    [nested(20), JSON.parse(nested(20))],
    [list(1_999), JSON.parse(list(1_999))],
  ])('is read: %s', (text, value) => {
    expect(readJson(Buffer.from(text))).toEqual(value);
  });

  it.each<[what: string, body: string | Buffer, pointer: string, message: string]>([
    ['nothing', '', '#', 'the body is empty'],
    ['only white space', ' ', '#', 'not well-formed JSON'],
    ['a truncated document', '{"a":', '#', 'not well-formed JSON'],
    ['a trailing comma', '{"a":1,}', '#', 'not well-formed JSON'],
    ['a comment', '{/* x */"a":1}', '#', 'not well-formed JSON'],
    ['two documents', '{}{}', '#', 'not well-formed JSON'],
    ['an unquoted name', '{a:1}', '#', 'not well-formed JSON'],
    ['a leading zero', '{"a":01}', '#', 'not well-formed JSON'],
    ['NaN', '{"a":NaN}', '#', 'not well-formed JSON'],
    ['a raw line feed in a string', '{"a":"\n"}', '#', 'not well-formed JSON'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), '#', 'the body is not UTF-8'],
    ['an overlong encoding', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), '#', 'the body is not UTF-8'],
    ['UTF-16', Buffer.from('{}', 'utf16le'), '#', 'not well-formed JSON'],
    ['a name given twice', '{"a":1,"a":2}', '#/a', 'given twice'],
    ['a name given twice, once escaped', String.raw`{"a":1,"\u0061":2}`, '#/a', 'given twice'],
    ['a name given twice further down', '{"x":[{"a":1,"a":2}]}', '#/x/0/a', 'given twice'],
    ['__proto__', '{"__proto__":{}}', '#/__proto__', 'is a name that is not accepted'],
    ['constructor', '{"x":{"constructor":1}}', '#/x/constructor', 'is a name that is not accepted'],
    ['toString', '{"toString":1}', '#/toString', 'is a name that is not accepted'],
    ['a slash and a tilde in the pointer', '{"a/~ b":1,"a/~ b":1}', '#/a~1~0%20b', 'given twice'],
    ['NUL in a value', String.raw`{"a":"\u0000"}`, '#/a', 'control character'],
    ['a lone surrogate in a value', String.raw`{"a":"\ud800"}`, '#/a', 'lone surrogate'],
    ['a lone surrogate in a name', String.raw`{"a\ud800":1}`, '#', 'a character that is not accepted'],
    ['a noncharacter', String.raw`["\uffff"]`, '#/0', 'noncharacter'],
    ['2^53 + 1', '{"a":[9007199254740993]}', '#/a/0', 'a double cannot hold'],
    ['infinity', '{"a":1e400}', '#/a', 'a double cannot hold'],
    ['21 levels', nested(21), `#${'/0'.repeat(20)}`, 'nested deeper than 20 levels'],
    ['2,000 values in a list, which is one more', list(2_000), '#/1999', 'more than 2000 values'],
    ['2,000 empty objects in a list', list(2_000).replaceAll('0', '{}'), '#/1999', 'more than 2000 values'],
    ['40,000 levels', nested(40_000), `#${'/0'.repeat(20)}`, 'nested deeper than 20 levels'],
    [
      '40,000 levels that never close',
      '['.repeat(40_000),
      `#${'/0'.repeat(20)}`,
      'nested deeper than 20 levels',
    ],
  ])('is refused: %s', (_what, body, pointer, message) => {
    expect(refusal(body)).toEqual({
      code: 'malformed-body',
      pointer,
      message: expect.stringContaining(message) as string,
    });
  });

  it('is read or refused by what it says, not by how it is written', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.constantFrom('__proto__', 'valueOf'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.oneof(fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.string({ unit: 'binary' })),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
        fc
          .tuple(fc.integer({ min: 18, max: 22 }), tie('value'))
          .map(([levels, inner]) => deeper(inner, levels)),
      ),
    }));
    fc.assert(
      fc.property(value, (said) => {
        const [plainly, atLength] = [JSON.stringify(said), JSON.stringify(said, null, 1)].map(outcome);
        expect(plainly).toEqual(atLength);
      }),
      { numRuns: 2_000 },
    );
  });
});

function outcome(text: string): unknown {
  try {
    return { read: readJson(Buffer.from(text)) };
  } catch (error) {
    return error instanceof Problem ? error.facts.errors : error;
  }
}

function deeper(value: unknown, levels: number): unknown {
  return levels === 0 ? value : [deeper(value, levels - 1)];
}
