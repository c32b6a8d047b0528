import { Problem } from '../problem.js';
import type { XmlElement } from './xml-element.js';
import { readXml } from './xml-reader.js';

type Told = string | readonly [name: string, attributes: Record<string, string>, content: readonly Told[]];

/** An element as a nested list: its text, or its name, attributes and children. */
function told({ name, attributes, children, text }: XmlElement): Told {
  return [name, { ...attributes }, children.length > 0 ? children.map(told) : text === '' ? [] : [text]];
}

function refusal(body: string | Buffer): string | undefined {
  try {
    readXml(Buffer.from(body));
  } catch (error) {
    if (error instanceof Problem && error.code === 'malformed-body') return error.facts.errors?.[0]?.message;
    throw error;
  }
  throw new Error('it was accepted');
}

const nested = (depth: number): string => '<a>'.repeat(depth) + '</a>'.repeat(depth);

describe('an XML body', () => {
  it.each<[string, Told]>([
    ['<a/>', ['a', {}, []]],
    ['<a></a>', ['a', {}, []]],
    ['\uFEFF<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<a>x</a>\n', ['a', {}, ['x']]],
    ['<!-- x --><a><!-- y -->1<!-- z -->2</a>', ['a', {}, ['12']]],
    [
      '<a> <b>x</b>\r\n\t<c> </c> </a>',
      [
        'a',
        {},
        [
          ['b', {}, ['x']],
          ['c', {}, [' ']],
        ],
      ],
    ],
    ['<a>&lt;&amp;&gt;&quot;&apos;&#10;&#x20AC;</a>', ['a', {}, ['<&>"\'\n€']]],
    ['<a><![CDATA[<b>&amp;]]></a>', ['a', {}, ['<b>&amp;']]],
    ['<a>1\r\n2</a>', ['a', {}, ['1\n2']]],
    [
      '<a type="object"><member name="b c">x</member></a>',
      ['a', { type: 'object' }, [['member', { name: 'b c' }, ['x']]]],
    ],
  ])('is read: %j', (text, element) => {
    expect(told(readXml(Buffer.from(text)))).toEqual(element);
  });

  it('may have 21 levels, the deepest of which is a scalar', () => {
    expect(readXml(Buffer.from(nested(21))).name).toBe('a');
  });

  it.each<[what: string, body: string | Buffer, message: string]>([
    ['nothing', '', 'the body is empty'],
    ['no element', '<!-- x -->', 'not well-formed XML'],
    ['text only', 'x', 'not well-formed XML'],
    ['a truncated document', '<a><b>', 'not well-formed XML'],
    ['crossed tags', '<a><b></a></b>', 'not well-formed XML'],
    ['two roots', '<a/><b/>', 'not well-formed XML'],
    ['an attribute given twice', '<a type="x" type="y"/>', 'not well-formed XML'],
    ['an unquoted attribute', '<a type=x/>', 'not well-formed XML'],
    ['an unknown entity', '<a>&nbsp;</a>', 'not well-formed XML'],
    ['&#0;', '<a>&#0;</a>', 'not well-formed XML'],
    ['a lone surrogate', '<a>&#xD800;</a>', 'not well-formed XML'],
    ['a control character', '<a>\u0001</a>', 'not well-formed XML'],
    ['bytes that are not UTF-8', Buffer.from([0x3c, 0x61, 0x3e, 0xff]), 'the body is not UTF-8'],
    ['a document type', '<!DOCTYPE a><a/>', 'a document type is not accepted (line 1, column'],
    ['an entity declaration', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'a document type is not accepted'],
    [
      'a processing instruction',
      '<?xml-stylesheet href="x"?><a/>',
      'a processing instruction is not accepted',
    ],
    ['XML 1.1', '<?xml version="1.1"?><a/>', 'the XML version must be 1.0'],
    ['another encoding', '<?xml version="1.0" encoding="iso-8859-1"?><a/>', 'the encoding must be UTF-8'],
    ['a namespace', '<a xmlns="urn:x"/>', 'the attribute xmlns of <a> is not accepted'],
    ['an unknown attribute', '<a><b id="1"/></a>', 'the attribute id of <b> is not accepted'],
    ['text before elements', '<a>x<b/></a>', '<a> has both text and elements'],
    ['text after elements', '<a><b/>x</a>', '<a> has both text and elements'],
    ['a no-break space beside elements', '<a>\u00A0<b/></a>', '<a> has both text and elements'],
    ['22 levels', nested(22), 'nested deeper than 20 levels'],
    ['2,001 elements', `<a>${'<b/>'.repeat(2_000)}</a>`, 'more than 2000 elements'],
  ])('is refused: %s', (_what, body, message) => {
    expect(refusal(body)).toContain(message);
  });
});
