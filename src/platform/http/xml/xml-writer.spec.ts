import { parseKeepingDigits } from '../raw-number.js';
import { writeXml } from './xml-writer.js';

const content = (value: unknown): string =>
  writeXml('a', value).replace('<?xml version="1.0" encoding="UTF-8"?>\n', '');

describe('a JSON value as XML', () => {
  it.each<[json: string, xml: string]>([
    ['"x"', '<a>x</a>'],
    ['""', '<a/>'],
    ['" x "', '<a> x </a>'],
    ['1.5', '<a type="number">1.5</a>'],
    ['9007199254740993', '<a type="number">9007199254740993</a>'],
    ['true', '<a type="boolean">true</a>'],
    ['null', '<a type="null"/>'],
    ['{}', '<a type="object"/>'],
    ['[]', '<a type="array"/>'],
    ['{"b":"1","c":1}', '<a><b>1</b><c type="number">1</c></a>'],
    ['["x",null,[]]', '<a type="array"><item>x</item><item type="null"/><item type="array"/></a>'],
    [
      '{"b c":1,"":2}',
      '<a><member name="b c" type="number">1</member><member name="" type="number">2</member></a>',
    ],
    ['{"é":"x","b:c":"y"}', '<a><member name="é">x</member><member name="b:c">y</member></a>'],
    ['"<&>]]>\\"\'"', "<a>&lt;&amp;&gt;]]&gt;&quot;'</a>"],
    ['"1\\r\\n2\\t3"', '<a>1&#13;&#10;2&#9;3</a>'],
    ['{"\\"\\n":"x"}', '<a><member name="&quot;&#10;">x</member></a>'],
    [String.raw`"\u0000"`, String.raw`<a type="json-string">&quot;\u0000&quot;</a>`],
    [String.raw`"x\ud800"`, String.raw`<a type="json-string">&quot;x\ud800&quot;</a>`],
    [String.raw`"\uffff"`, String.raw`<a type="json-string">&quot;\uffff&quot;</a>`],
  ])('%s', (json, xml) => {
    expect(content(parseKeepingDigits(json))).toBe(xml);
  });

  it('tells a name that XML cannot carry from one that only looks like its JSON literal', () => {
    const literal = JSON.stringify('\u0000');
    expect(content({ '\u0000': '1', [literal]: '2' })).toBe(
      String.raw`<a><member json-name="&quot;\u0000&quot;">1</member><member name="&quot;\u0000&quot;">2</member></a>`,
    );
  });

  it('leaves out what is undefined', () => {
    expect(content({ b: undefined, c: 'x' })).toBe('<a><c>x</c></a>');
  });

  it('writes no types, no nulls and RFC 9457 lists into a document with a namespace of its own', () => {
    expect(writeXml('problem', { status: 400, text: null, errors: [{ pointer: '#' }] }, 'urn:x')).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<problem xmlns="urn:x"><status>400</status><errors><i><pointer>#</pointer></i></errors></problem>',
    );
  });

  it('refuses what has no place in a document', () => {
    expect(() => writeXml('a', { b: 1n })).toThrow(TypeError);
  });
});
