import { Type } from 'class-transformer';
import { IsBoolean, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { Problem } from '../problem.js';
import { XmlText, bindXml } from './xml-binding.js';
import { readXml } from './xml-reader.js';

class Part {
  @IsOptional()
  @IsString()
  readonly id?: string | null;

  @IsOptional()
  @IsInt()
  readonly size?: number | null;
}

class Thing {
  @IsOptional()
  @IsString()
  readonly text?: string | null;

  @IsOptional()
  @IsInt()
  readonly count?: number | null;

  @IsOptional()
  @IsBoolean()
  readonly flag?: boolean | null;

  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => Part)
  readonly part?: Part | null;

  @IsOptional()
  @IsObject()
  readonly open?: Record<string, unknown> | null;

  @IsOptional()
  @XmlText((text) => text.length)
  readonly length?: string | number | null;
}

const bind = (content: string): unknown => bindXml(readXml(Buffer.from(`<Thing>${content}</Thing>`)), Thing);

function refusal(act: () => unknown): { pointer: string; message: string } | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof Problem && error.code === 'malformed-body') return error.facts.errors?.[0];
    throw error;
  }
  throw new Error('it was accepted');
}

const nested = (depth: number, innermost: string): string =>
  '<open>'.repeat(depth) + innermost + '</open>'.repeat(depth);

describe('an element stands for', () => {
  it.each<[what: string, xml: string, json: unknown]>([
    ['nothing', '', {}],
    ['a declared string, whatever it looks like', '<text>007</text>', { text: '007' }],
    ['a declared string that is empty', '<text/>', { text: '' }],
    ['a declared string with its white space', '<text> \n x </text>', { text: ' \n x ' }],
    ['a declared number', '<count>-1.5e3</count>', { count: -1500 }],
    ['text that is no number, for validation to tell', '<count>0x1f</count>', { count: '0x1f' }],
    ['text that is no JSON number', '<count> 1 </count>', { count: ' 1 ' }],
    ['text that is no number at all', '<count/>', { count: '' }],
    ['digits that a double loses', '<count>9007199254740993</count>', { count: '9007199254740993' }],
    ['a declared boolean', '<flag>true</flag>', { flag: true }],
    ['text that is no boolean, for validation to tell', '<flag>TRUE</flag>', { flag: 'TRUE' }],
    ['what a property reads from text', '<length>abc</length>', { length: 3 }],
    ['a declared object', '<part><id>7</id></part>', { part: { id: '7' } }],
    ['a declared object with a number', '<part><size>7</size></part>', { part: { size: 7 } }],
    ['a declared object that says so', '<part type="object"><size>7</size></part>', { part: { size: 7 } }],
    ['a declared object without members', '<part/>', { part: {} }],
    ['an open object', '<open><a>1</a><b><c>x</c></b></open>', { open: { a: '1', b: { c: 'x' } } }],
    ['an open object without members', '<open/>', { open: {} }],
    ['an undeclared field, for validation to tell', '<other>1</other>', { other: '1' }],
    ['null', '<text type="null"/>', { text: null }],
    ['a type that is stated, not the declared one', '<text type="number">1</text>', { text: 1 }],
    ['a string that is stated', '<count type="string">1</count>', { count: '1' }],
    ['a number', '<open><a type="number">1.50</a></open>', { open: { a: 1.5 } }],
    [
      'booleans',
      '<open><a type="boolean">true</a><b type="boolean">false</b></open>',
      { open: { a: true, b: false } },
    ],
    ['an object without members', '<open><a type="object"/></open>', { open: { a: {} } }],
    [
      'a list',
      '<open><a type="array"><item>1</item><item type="null"/><item type="array"/><item><b>x</b></item></a></open>',
      { open: { a: ['1', null, [], { b: 'x' }] } },
    ],
    ['an empty list', '<open><a type="array"> </a></open>', { open: { a: [] } }],
    [
      'members whose names are no XML names',
      '<open><member name="a b">1</member><member name="">2</member><member>3</member><item>4</item></open>',
      { open: { 'a b': '1', '': '2', member: '3', item: '4' } },
    ],
  ])('%s', (_what, xml, json) => {
    expect(bind(xml)).toEqual(json);
  });

  it('as many levels as in JSON', () => {
    expect(bind(nested(19, '<a>x</a>'))).toBeDefined();
  });
});

describe('an element is refused', () => {
  it.each<[xml: string, pointer: string, message: string]>([
    ['x', '#', 'must have elements, not text'],
    ['<text>1</text><text>1</text>', '#/text', 'given twice'],
    ['<open><a/><member name="a"/></open>', '#/open/a', 'given twice'],
    ['<open><member name="a/b~c"/><member name="a/b~c"/></open>', '#/open/a~1b~0c', 'given twice'],
    ['<__proto__/>', '#/__proto__', 'is a name that is not accepted'],
    ['<open><member name="constructor"/></open>', '#/open/constructor', 'is a name that is not accepted'],
    ['<text name="x"/>', '#', 'only <member> has a name attribute, not <text>'],
    ['<part>x</part>', '#/part', 'must have elements, not text'],
    ['<open>x</open>', '#/open', 'must have elements, not text'],
    ['<open type="object">\u00A0</open>', '#/open', 'must have elements, not text'],
    ['<text type="json-string">"x"</text>', '#/text', 'has an unknown type; known are string, number,'],
    ['<text type="toString"/>', '#/text', 'has an unknown type'],
    ['<text type="null">x</text>', '#/text', 'is null and must be empty'],
    ['<text type="string"><a/></text>', '#/text', 'must have text, not elements'],
    ['<count type="number">1e400</count>', '#/count', 'is not a number that a double holds exactly'],
    ['<count type="number">01</count>', '#/count', 'is not a number that a double holds exactly'],
    ['<flag type="boolean">1</flag>', '#/flag', 'must be true or false'],
    ['<open type="array">x</open>', '#/open', 'must have <item> elements, not text'],
    ['<open type="array"><item/><b/></open>', '#/open/1', 'must be an <item> element'],
    ['<open type="array"><item name="x"/></open>', '#/open/0', 'must be an <item> element'],
    [nested(19, '<a type="object"/>'), `#${'/open'.repeat(19)}/a`, 'nested deeper than 20 levels'],
    [nested(19, '<a type="array"/>'), `#${'/open'.repeat(19)}/a`, 'nested deeper than 20 levels'],
  ])('%s', (xml, pointer, message) => {
    expect(refusal(() => bind(xml))).toEqual({
      pointer,
      message: expect.stringContaining(message) as string,
    });
  });

  it.each([
    ['<Other/>', 'the root element must be <Thing>, not <Other>'],
    ['<Thing type="array"/>', 'the root element is an object and has no name'],
    ['<Thing type="null"/>', 'the root element is an object and has no name'],
    ['<Thing name="x"/>', 'the root element is an object and has no name'],
  ])('as the root: %s', (xml, message) => {
    expect(refusal(() => bindXml(readXml(Buffer.from(xml)), Thing))).toEqual({ pointer: '#', message });
  });
});
