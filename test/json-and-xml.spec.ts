import fc from 'fast-check';
import { ACTION_ID, ACTION_PATH, HANDOFF_PATH, Landscape } from './support/landscape.js';
import { json, type ReceivedCall, type ScriptedUpstream } from './support/scripted-upstream.js';
import { document, fromXml, withoutNulls, type Members, type Value } from './support/xml-format.js';

const RUNS = 200;

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
  // The id alone changes nothing, and is refused.
  .filter((body) => Object.entries(body).some(([name, value]) => name !== 'actionId' && value !== null));

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
