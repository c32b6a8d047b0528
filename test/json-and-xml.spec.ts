import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { ACTION_ID, ACTION_PATH, HANDOFF_PATH, Landscape } from './support/landscape.js';
import { json, type ReceivedCall, type ScriptedUpstream } from './support/scripted-upstream.js';

type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
type Members = Record<string, Value>;

const RUNS = 200;

/* A writer and a reader of their own, so that no mistake of the gateway's can hide in them. */

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Every character that means something to XML, or that a reader would tidy up, as a reference. */
const escaped = (text: string): string =>
  text.replace(/[^ !#-%(-;=?-~]/gu, (character) => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`);

/** Writes a member. A declared field says no type; an undeclared one must, unless it is a string. */
function toXml(name: string, value: Value, declared: boolean): string {
  const [type, content] = typed(value);
  const tag = PLAIN_NAME.test(name) ? name : 'member';
  const attributes = [
    ...(tag === name ? [] : [`name="${escaped(name)}"`]),
    ...(type === 'string' || (declared && type !== 'null') ? [] : [`type='${type}'`]),
  ];
  return `<${[tag, ...attributes].join(' ')}>${content}</${tag}>`;
}

function typed(value: Value): [type: string, content: string] {
  if (value === null) return ['null', ''];
  if (Array.isArray(value)) return ['array', value.map((item) => toXml('item', item, false)).join('\n')];
  if (typeof value !== 'object') return [typeof value, escaped(String(value))];
  return [
    'object',
    Object.entries(value)
      .map(([name, member]) => toXml(name, member, false))
      .join(''),
  ];
}

function document(root: string, body: Members): string {
  const content = Object.entries(body).map(([name, value]) => toXml(name, value, true));
  return `<?xml version="1.0"?><${root}>${content.join('\n  ')}</${root}>`;
}

interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

/** Reads a reply in XML back into the value that it stands for. */
function fromXml(xml: string): { root: string; value: Value } {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: { ...attributes }, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('no element');
  return { root: root.name, value: valueOf(root) };
}

function valueOf({ attributes, children, text }: Element): Value {
  switch (attributes['type'] ?? (children.length > 0 ? 'object' : 'string')) {
    case 'string':
      return text;
    case 'json-string':
      return JSON.parse(text) as string;
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'null':
      return null;
    case 'array':
      return children.map(valueOf);
    default:
      return Object.fromEntries(children.map((child) => [nameOf(child), valueOf(child)]));
  }
}

function nameOf({ name, attributes }: Element): string {
  const literal = attributes['json-name'];
  return literal === undefined ? (attributes['name'] ?? name) : (JSON.parse(literal) as string);
}

/* What bodies may hold. */

const XML_TEXT = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;
const awkward = fc.constantFrom(
  ' ',
  '\r\n',
  '\t',
  '<',
  '&amp;',
  ']]>',
  '"\'',
  '007',
  'true',
  'null',
  'é',
  '😀',
  '\u00A0',
);
const text = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.array(awkward, { maxLength: 4 }).map((parts) => parts.join('')),
  )
  .filter((value) => XML_TEXT.test(value));
const ACCEPTED = (name: string): boolean => !(name in Object.prototype) && name !== 'prototype';
const name = fc
  .oneof(text, fc.constantFrom('item', 'member', 'type', 'name', 'a b', '', '1', 'a:b', 'x-y.z'))
  .filter(ACCEPTED);
const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
);
const scalar = fc.oneof(text, number, fc.boolean());

const { openObject } = fc.letrec<{ value: Value; openObject: Members; list: Value[] }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, scalar, tie('list'), tie('openObject')),
  list: fc.array(fc.oneof(fc.constant(null), tie('value')), { maxLength: 3 }),
  openObject: fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 5 });

const handoffUpdate: fc.Arbitrary<Members> = fc.record(
  {
    handoffRefNumber: fc.constant('HO123'),
    handoffStatus: orNull(text),
    handoffExtRefNo: orNull(text),
    errorCode: orNull(text),
    errorDescription: orNull(text),
    remarks: orNull(text),
  },
  { requiredKeys: ['handoffRefNumber'], noNullPrototype: true },
);

const day = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const reference = (id: fc.Arbitrary<string>): fc.Arbitrary<Members> =>
  fc.record({ id, uri: orNull(text) }, { requiredKeys: ['id'], noNullPrototype: true });
const modification: fc.Arbitrary<Members> = fc
  .record(
    {
      actionId: orNull(reference(fc.constant(ACTION_ID))),
      actionName: orNull(text),
      actionStatus: orNull(fc.integer({ min: 0, max: 3 })),
      description: orNull(text),
      extension: orNull(openObject),
      isCollectionsAction: orNull(fc.boolean()),
      scheduledDate: orNull(
        fc.oneof(
          day.map((date) => date.toISOString().slice(0, 10)),
          day.map((date) => date.toISOString()),
          day.map(Number),
        ),
      ),
      serviceId: orNull(reference(text.filter((id) => id !== ''))),
      serviceLogin: orNull(text),
      serviceType: orNull(text),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .filter((body) => Object.values(body).some((value) => value !== null));

let landscape: Landscape;
let token: string;
beforeAll(async () => {
  landscape = await Landscape.start();
  token = await landscape.issuer.token();
});
afterAll(() => landscape.end());

/** Sends a write and returns what the upstream was told, and what it was answered with. */
async function written(
  path: string,
  upstream: ScriptedUpstream,
  body: string,
  type: 'json' | 'xml',
  accept = type,
): Promise<{ told: Pick<ReceivedCall, 'method' | 'url' | 'rawHeaders' | 'body'>; reply: string }> {
  upstream.calls.length = 0;
  const response = await landscape.call(path, {
    body,
    token,
    headers: { 'content-type': `application/${type}`, accept: `application/${accept}` },
  });
  const reply = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${reply}`);
  const { method, url, rawHeaders, body: sent } = upstream.onlyCall;
  return { told: { method, url, rawHeaders, body: sent }, reply };
}

/** A body without its null members: what the gateway is to tell. */
function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([member, inner]) => [member, withoutNulls(inner)]));
}

describe.each<
  [
    operation: string,
    path: string,
    system: 'lending' | 'billing',
    root: string,
    arbitrary: fc.Arbitrary<Members>,
  ]
>([
  ['updatestatus', HANDOFF_PATH, 'lending', 'ExternalHandoffStatusModel', handoffUpdate],
  ['modify', ACTION_PATH, 'billing', 'DeferredAction', modification],
])('%s', (_operation, path, system, root, arbitrary) => {
  it('tells the upstream the very same bytes, whether it is asked in JSON or in XML', async () => {
    const upstream = landscape[system];
    upstream.play(
      json(200, system === 'lending' ? { messages: { status: 'SUCCESS' } } : { actionId: { id: ACTION_ID } }),
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, async (body) => {
        const fromJson = await written(path, upstream, JSON.stringify(body), 'json');
        const fromXmlBody = await written(path, upstream, document(root, body), 'xml');
        expect(fromXmlBody.told).toEqual(fromJson.told);
        expect(JSON.parse(fromJson.told.body)).toEqual(
          withoutNulls(JSON.parse(JSON.stringify(body)) as Value),
        );
      }),
      { numRuns: RUNS },
    );
  });
});

/** Anything that JSON can say, also what XML cannot carry. */
const anything = fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }).map((value) => value as Value);
const anyObject = fc.dictionary(fc.string({ unit: 'binary', maxLength: 8 }).filter(ACCEPTED), anything, {
  maxKeys: 4,
  noNullPrototype: true,
});

describe.each<
  [
    operation: string,
    path: string,
    system: 'lending' | 'billing',
    body: string,
    root: string,
    replies: fc.Arbitrary<Members>,
  ]
>([
  [
    'updatestatus',
    HANDOFF_PATH,
    'lending',
    '{"handoffRefNumber":"HO123"}',
    'ResponseDtoWrapper',
    fc.record(
      {
        data: anything,
        messages: fc.record(
          {
            status: fc.constantFrom('SUCCESS', 'WARNING'),
            keyId: anything,
            httpStatusCode: fc.constant('OK'),
          },
          { noNullPrototype: true },
        ),
      },
      { noNullPrototype: true },
    ),
  ],
  [
    'modify',
    ACTION_PATH,
    'billing',
    '{"actionStatus":1}',
    'DeferredAction',
    fc.record(
      {
        actionId: fc.record(
          { id: fc.string({ unit: 'binary' }), uri: fc.constant(null) },
          { noNullPrototype: true },
        ),
        scheduledDate: fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
        description: fc.string({ unit: 'binary' }),
        extension: anyObject,
        actionStatus: fc.integer(),
      },
      { noNullPrototype: true },
    ),
  ],
])('%s', (_operation, path, system, body, root, replies) => {
  it('replies with the same values in XML as in JSON', async () => {
    const upstream = landscape[system];
    await fc.assert(
      fc.asyncProperty(replies, async (answer) => {
        upstream.play(json(200, answer));
        const inJson = await written(path, upstream, body, 'json');
        const inXml = await written(path, upstream, body, 'json', 'xml');
        const read = fromXml(inXml.reply);
        expect(read).toEqual({ root, value: JSON.parse(inJson.reply) as Value });
        expect(read.value).toEqual(JSON.parse(JSON.stringify(answer)));
      }),
      { numRuns: RUNS / 2 },
    );
  });
});
