import {
  ACTION_ID,
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
} from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply, type RawRequest } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

const JSON_TYPE = 'application/json';
const XML_TYPE = 'application/xml';
const HANDOFF = '{"handoffRefNumber":"HO123","handoffStatus":"SUCCESS"}';
const ACTION = '{"scheduledDate":"2021-02-14"}';

let landscape: Landscape;
let authorization: string;
beforeAll(async () => {
  landscape = await Landscape.start({ HANDOFF_STATUSES: 'SUCCESS,FAILED' });
  authorization = `Bearer ${await landscape.issuer.token()}`;
});
afterAll(() => landscape.end());
beforeEach(() => {
  landscape.lending.play(json(200, UPDATED_HANDOFF));
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
});

async function send(request: RawRequest): Promise<RawReply> {
  const headers = { authorization, ...request.headers };
  return readReply(await exchange(landscape.gateway.url, requestBytes({ ...request, headers })));
}

interface Told {
  readonly code: string;
  readonly type: string;
  readonly outcome: string;
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer: string; readonly message: string }[];
}

/** Sends it, and expects a problem document and an upstream that heard nothing of it. */
async function refusalOf(request: RawRequest): Promise<Told & { status: number }> {
  const { status, headers, body } = await send(request);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(body) as Told;
  expect(problem.type.endsWith(`/problems/${problem.code}`)).toBe(true);
  expect(problem.outcome).toBe('not-applied');
  expect([...landscape.lending.calls, ...landscape.billing.calls]).toEqual([]);
  return { ...problem, status };
}

type BodyRow = [what: string, body: string | Uint8Array, code: string, pointer?: string];

/** Rows that are refused before anybody looks at what the body means: the same for every operation. */
const UNREADABLE_JSON: BodyRow[] = [
  ['an empty body', '', 'malformed-body', '#'],
  ['truncated', '{"scheduledDate":"2021-0', 'malformed-body', '#'],
  ['not JSON', 'scheduledDate=2021-02-14', 'malformed-body', '#'],
  ['XML', '<DeferredAction/>', 'malformed-body', '#'],
  ['a name given twice', '{"remarks":"a","remarks":"b"}', 'malformed-body', '#/remarks'],
  ['__proto__', '{"__proto__":{"admin":true}}', 'malformed-body', '#/__proto__'],
  ['constructor', '{"constructor":{"prototype":{}}}', 'malformed-body', '#/constructor'],
  ['toString, which must not vanish', '{"toString":"x"}', 'malformed-body', '#/toString'],
  [
    '21 levels',
    `{"extension":${'['.repeat(20)}${']'.repeat(20)}}`,
    'malformed-body',
    `#/extension${'/0'.repeat(19)}`,
  ],
  ['40,000 nested arrays', '['.repeat(40_000) + ']'.repeat(20_000), 'malformed-body', `#${'/0'.repeat(20)}`],
  ['a number that loses digits', '{"extension":{"n":9007199254740993}}', 'malformed-body', '#/extension/n'],
  ['an infinite number', '{"scheduledDate":1e400}', 'malformed-body', '#/scheduledDate'],
  ['bytes that are not UTF-8', Buffer.from('{"remarks":"\xff"}', 'latin1'), 'malformed-body', '#'],
  ['UTF-16', Buffer.from('{"remarks":"x"}', 'utf16le'), 'malformed-body', '#'],
  [
    'a number of more digits than a double has',
    '{"extension":{"n":0.1000000000000000055}}',
    'malformed-body',
    '#/extension/n',
  ],
  ['UTF-16 with a byte order mark', Buffer.from('\uFEFF{"remarks":"x"}', 'utf16le'), 'malformed-body', '#'],
  ['a lone surrogate as bytes', Buffer.from('{"remarks":"\xed\xa0\x80"}', 'latin1'), 'malformed-body', '#'],
  ['a control character as it is', '{"remarks":"\u001b[2J"}', 'malformed-body', '#/remarks'],
  ['NUL as it is', '{"remarks":"\0"}', 'malformed-body', '#/remarks'],
  ['a lone surrogate', String.raw`{"description":"\ud800"}`, 'malformed-body', '#/description'],
  ['a control character', String.raw`{"remarks":"\u0000"}`, 'malformed-body', '#/remarks'],
  ['an array', '[]', 'invalid-request', '#'],
  ['a string', '"x"', 'invalid-request', '#'],
  ['a number', '1', 'invalid-request', '#'],
  ['null', 'null', 'invalid-request', '#'],
];

const UNREADABLE_XML = (root: string): BodyRow[] => {
  const inRoot = (content: string): string => `<${root}>${content}</${root}>`;
  return [
    ['an empty body', '', 'malformed-body', '#'],
    ['truncated', `<${root}><remarks>x`, 'malformed-body', '#'],
    ['JSON', HANDOFF, 'malformed-body', '#'],
    ['another root', '<Other/>', 'malformed-body', '#'],
    ['the root in lower case', `<${root.toLowerCase()}/>`, 'malformed-body', '#'],
    ['a list as root', `<${root} type="array"/>`, 'malformed-body', '#'],
    ['text in the root', inRoot('x'), 'malformed-body', '#'],
    ['mixed content', inRoot('<remarks>a<b>c</b></remarks>'), 'malformed-body', '#'],
    [
      'an element given twice',
      inRoot('<remarks>a</remarks><remarks>b</remarks>'),
      'malformed-body',
      '#/remarks',
    ],
    ['__proto__', inRoot('<__proto__/>'), 'malformed-body', '#/__proto__'],
    ['constructor', inRoot('<member name="constructor"/>'), 'malformed-body', '#/constructor'],
    ['a document type', `<!DOCTYPE ${root}>${inRoot('')}`, 'malformed-body', '#'],
    [
      'an external entity',
      `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${inRoot('<remarks>&e;</remarks>')}`,
      'malformed-body',
      '#',
    ],
    [
      'a billion laughs',
      `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>${inRoot('<remarks>&c;</remarks>')}`,
      'malformed-body',
      '#',
    ],
    ['an entity that nobody declared', inRoot('<remarks>&e;</remarks>'), 'malformed-body', '#'],
    ['a processing instruction', `<?php echo 1 ?>${inRoot('')}`, 'malformed-body', '#'],
    ['an unknown attribute', inRoot('<remarks lang="en">x</remarks>'), 'malformed-body', '#'],
    ['a namespace', `<${root} xmlns="urn:x"/>`, 'malformed-body', '#'],
    ['an unknown type', inRoot('<remarks type="date">x</remarks>'), 'malformed-body', '#/remarks'],
    [
      'deeper than 20 levels',
      inRoot('<extension>'.repeat(30) + '</extension>'.repeat(30)),
      'malformed-body',
      '#',
    ],
    ['2,001 elements', inRoot('<a/>'.repeat(2_000)), 'malformed-body', '#'],
    [
      'bytes that are not UTF-8',
      Buffer.from(inRoot('<remarks>\xff</remarks>'), 'latin1'),
      'malformed-body',
      '#',
    ],
    ['another encoding', `<?xml version="1.0" encoding="latin1"?>${inRoot('')}`, 'malformed-body', '#'],
    ['a control character', inRoot('<remarks>&#0;</remarks>'), 'malformed-body', '#'],
    ['a lone surrogate', inRoot('<remarks>&#xD800;</remarks>'), 'malformed-body', '#'],
  ];
};

const handoff = (content: string): string =>
  `<ExternalHandoffStatusModel>${content}</ExternalHandoffStatusModel>`;
const action = (content: string): string => `<DeferredAction>${content}</DeferredAction>`;
const REF = '<handoffRefNumber>HO123</handoffRefNumber>';

describe.each<[operation: string, path: string, type: string, rows: BodyRow[]]>([
  [
    'updatestatus in JSON',
    HANDOFF_PATH,
    JSON_TYPE,
    [
      ...UNREADABLE_JSON,
      ['no handoffRefNumber', '{"handoffStatus":"SUCCESS"}', 'invalid-request', '#/handoffRefNumber'],
      ['a null handoffRefNumber', '{"handoffRefNumber":null}', 'invalid-request', '#/handoffRefNumber'],
      ['an empty handoffRefNumber', '{"handoffRefNumber":""}', 'invalid-request', '#/handoffRefNumber'],
      ['a number as handoffRefNumber', '{"handoffRefNumber":123}', 'invalid-request', '#/handoffRefNumber'],
      ['another handoffRefNumber', '{"handoffRefNumber":"HO124"}', 'id-mismatch', '#/handoffRefNumber'],
      [
        'its handoffRefNumber in lower case',
        '{"handoffRefNumber":"ho123"}',
        'id-mismatch',
        '#/handoffRefNumber',
      ],
      ['an empty object', '{}', 'invalid-request', '#/handoffRefNumber'],
      [
        'a typing error in a name',
        '{"handoffRefNumber":"HO123","remark":"x"}',
        'invalid-request',
        '#/remark',
      ],
      [
        'a name in the wrong case',
        '{"handoffRefNumber":"HO123","Remarks":"x"}',
        'invalid-request',
        '#/Remarks',
      ],
      ['a number as remarks', '{"handoffRefNumber":"HO123","remarks":1}', 'invalid-request', '#/remarks'],
      ['an object as remarks', '{"handoffRefNumber":"HO123","remarks":{}}', 'invalid-request', '#/remarks'],
      [
        'a list as errorCode',
        '{"handoffRefNumber":"HO123","errorCode":["x"]}',
        'invalid-request',
        '#/errorCode',
      ],
      [
        'a status that the operator does not allow',
        '{"handoffRefNumber":"HO123","handoffStatus":"success"}',
        'invalid-request',
        '#/handoffStatus',
      ],
    ],
  ],
  [
    'updatestatus in XML',
    HANDOFF_PATH,
    XML_TYPE,
    [
      ...UNREADABLE_XML('ExternalHandoffStatusModel'),
      ['an empty root', handoff(''), 'invalid-request', '#/handoffRefNumber'],
      ['an empty handoffRefNumber', handoff('<handoffRefNumber/>'), 'invalid-request', '#/handoffRefNumber'],
      [
        'a null handoffRefNumber',
        handoff('<handoffRefNumber type="null"/>'),
        'invalid-request',
        '#/handoffRefNumber',
      ],
      [
        'a number as handoffRefNumber',
        handoff('<handoffRefNumber type="number">123</handoffRefNumber>'),
        'invalid-request',
        '#/handoffRefNumber',
      ],
      [
        'another handoffRefNumber',
        handoff('<handoffRefNumber>HO124</handoffRefNumber>'),
        'id-mismatch',
        '#/handoffRefNumber',
      ],
      [
        'white space around handoffRefNumber',
        handoff('<handoffRefNumber> HO123 </handoffRefNumber>'),
        'id-mismatch',
        '#/handoffRefNumber',
      ],
      ['a typing error in a name', handoff(`${REF}<remark>x</remark>`), 'invalid-request', '#/remark'],
      ['elements in remarks', handoff(`${REF}<remarks><a/></remarks>`), 'invalid-request', '#/remarks'],
      [
        'a status that the operator does not allow',
        handoff(`${REF}<handoffStatus>success</handoffStatus>`),
        'invalid-request',
        '#/handoffStatus',
      ],
      ['the root of the other operation', action(''), 'malformed-body', '#'],
    ],
  ],
  [
    'modify in JSON',
    ACTION_PATH,
    JSON_TYPE,
    [
      ...UNREADABLE_JSON,
      ['an empty object', '{}', 'invalid-request', '#'],
      ['nothing but nulls', '{"scheduledDate":null,"actionId":null}', 'invalid-request', '#'],
      ['a typing error in a name', '{"scheduleDate":"2021-02-14"}', 'invalid-request', '#/scheduleDate'],
      ['30 February', '{"scheduledDate":"2021-02-30"}', 'invalid-request', '#/scheduledDate'],
      [
        '29 February in a common year',
        '{"scheduledDate":"2021-02-29"}',
        'invalid-request',
        '#/scheduledDate',
      ],
      ['the thirteenth month', '{"scheduledDate":"2021-13-01"}', 'invalid-request', '#/scheduledDate'],
      ['25 hours', '{"scheduledDate":"2021-02-14T25:00:00Z"}', 'invalid-request', '#/scheduledDate'],
      [
        'a time without zone',
        '{"scheduledDate":"2021-02-14T09:30:00"}',
        'invalid-request',
        '#/scheduledDate',
      ],
      ['a local date format', '{"scheduledDate":"14.02.2021"}', 'invalid-request', '#/scheduledDate'],
      ['an empty date', '{"scheduledDate":""}', 'invalid-request', '#/scheduledDate'],
      [
        'a fraction of a millisecond',
        '{"scheduledDate":1613241000000.5}',
        'invalid-request',
        '#/scheduledDate',
      ],
      ['milliseconds as a string', '{"scheduledDate":"1613241000000"}', 'invalid-request', '#/scheduledDate'],
      ['a date beyond all dates', '{"scheduledDate":8640000000000001}', 'invalid-request', '#/scheduledDate'],
      ['a boolean as date', '{"scheduledDate":true}', 'invalid-request', '#/scheduledDate'],
      ['actionStatus 4', '{"actionStatus":4}', 'invalid-request', '#/actionStatus'],
      ['actionStatus -1', '{"actionStatus":-1}', 'invalid-request', '#/actionStatus'],
      ['actionStatus 1.5', '{"actionStatus":1.5}', 'invalid-request', '#/actionStatus'],
      ['actionStatus "1"', '{"actionStatus":"1"}', 'invalid-request', '#/actionStatus'],
      ['another actionId', '{"actionId":{"id":"0.0.0.1+-schedule+1"}}', 'id-mismatch', '#/actionId/id'],
      ['an actionId without id', '{"actionId":{"uri":"x"}}', 'invalid-request', '#/actionId/id'],
      ['an actionId with an empty id', '{"actionId":{"id":""}}', 'invalid-request', '#/actionId/id'],
      ['a number as id', '{"actionId":{"id":1}}', 'invalid-request', '#/actionId/id'],
      [
        'an unknown field of actionId',
        `{"actionId":{"id":"${ACTION_ID}","x":1}}`,
        'invalid-request',
        '#/actionId/x',
      ],
      ['a string as actionId', `{"actionId":"${ACTION_ID}"}`, 'invalid-request', '#/actionId'],
      ['a list as actionId', `{"actionId":[{"id":"${ACTION_ID}"}]}`, 'invalid-request', '#/actionId'],
      ['a list as extension', '{"extension":[1]}', 'invalid-request', '#/extension'],
      ['a string as extension', '{"extension":"x"}', 'invalid-request', '#/extension'],
      ['a boolean as text', '{"isCollectionsAction":"true"}', 'invalid-request', '#/isCollectionsAction'],
      ['a number as serviceLogin', '{"serviceLogin":1}', 'invalid-request', '#/serviceLogin'],
    ],
  ],
  [
    'modify in XML',
    ACTION_PATH,
    XML_TYPE,
    [
      ...UNREADABLE_XML('DeferredAction'),
      ['an empty root', action(''), 'invalid-request', '#'],
      ['nothing but nulls', action('<scheduledDate type="null"/>'), 'invalid-request', '#'],
      [
        'a typing error in a name',
        action('<scheduleDate>x</scheduleDate>'),
        'invalid-request',
        '#/scheduleDate',
      ],
      [
        '30 February',
        action('<scheduledDate>2021-02-30</scheduledDate>'),
        'invalid-request',
        '#/scheduledDate',
      ],
      ['an empty date', action('<scheduledDate/>'), 'invalid-request', '#/scheduledDate'],
      [
        'milliseconds as a string',
        action('<scheduledDate type="string">1613241000000</scheduledDate>'),
        'invalid-request',
        '#/scheduledDate',
      ],
      [
        'an infinite number',
        action('<scheduledDate type="number">1e400</scheduledDate>'),
        'malformed-body',
        '#/scheduledDate',
      ],
      ['actionStatus 4', action('<actionStatus>4</actionStatus>'), 'invalid-request', '#/actionStatus'],
      ['an empty actionStatus', action('<actionStatus/>'), 'invalid-request', '#/actionStatus'],
      ['actionStatus 0x1', action('<actionStatus>0x1</actionStatus>'), 'invalid-request', '#/actionStatus'],
      ['actionStatus 01', action('<actionStatus>01</actionStatus>'), 'invalid-request', '#/actionStatus'],
      [
        'a number that is none',
        action('<actionStatus type="number">one</actionStatus>'),
        'malformed-body',
        '#/actionStatus',
      ],
      [
        'a boolean that is none',
        action('<isCollectionsAction>yes</isCollectionsAction>'),
        'invalid-request',
        '#/isCollectionsAction',
      ],
      [
        'a stated boolean that is none',
        action('<isCollectionsAction type="boolean">1</isCollectionsAction>'),
        'malformed-body',
        '#/isCollectionsAction',
      ],
      [
        'another actionId',
        action('<actionId><id>0.0.0.1++1</id></actionId>'),
        'id-mismatch',
        '#/actionId/id',
      ],
      ['an actionId without id', action('<actionId/>'), 'invalid-request', '#/actionId/id'],
      ['text as actionId', action(`<actionId>${ACTION_ID}</actionId>`), 'malformed-body', '#/actionId'],
      ['text as extension', action('<extension>x</extension>'), 'malformed-body', '#/extension'],
      ['a list as extension', action('<extension type="array"/>'), 'invalid-request', '#/extension'],
      [
        'a number that loses digits',
        action('<extension><n type="number">9007199254740993</n></extension>'),
        'malformed-body',
        '#/extension/n',
      ],
      [
        'a list of something else than items',
        action('<extension><n type="array"><a/></n></extension>'),
        'malformed-body',
        '#/extension/n/0',
      ],
    ],
  ],
])('%s refuses', (_operation, path, type, rows) => {
  it.each(rows)('%s', async (_what, body, code, pointer) => {
    const { status, errors, ...told } = await refusalOf({ path, body, headers: { 'content-type': type } });
    expect([status, told.code]).toEqual([400, code]);
    expect(errors?.map((error) => error.pointer)).toEqual([pointer]);
  });
});

it('points to every fault at once', async () => {
  const body = '{"scheduleDate":"x","actionStatus":4,"serviceId":{"uri":1}}';
  const { errors } = await refusalOf({ path: ACTION_PATH, body, headers: { 'content-type': JSON_TYPE } });
  expect(errors?.map(({ pointer }) => pointer).sort()).toEqual([
    '#/actionStatus',
    '#/scheduleDate',
    '#/serviceId/id',
    '#/serviceId/uri',
  ]);
});

describe('a path refuses', () => {
  const handoffPath = (ref: string): string => HANDOFF_PATH.replace('HO123', ref);
  const actionPath = (id: string): string => ACTION_PATH.replace(ACTION_ID, id);

  it.each<[what: string, path: string, status: number, code: string]>([
    ['a space in a reference', handoffPath('HO%20123'), 400, 'invalid-id'],
    ['a slash in a reference', handoffPath('HO%2F123'), 400, 'invalid-id'],
    ['a backslash in a reference', handoffPath('HO%5C123'), 400, 'invalid-id'],
    ['NUL in a reference', handoffPath('HO123%00'), 400, 'invalid-id'],
    ['a line feed in a reference', handoffPath('HO123%0d%0aX:%20y'), 400, 'invalid-id'],
    ['encoded dots as a reference', handoffPath('%2e%2e'), 400, 'invalid-id'],
    ['a dot as a reference', handoffPath('.'), 400, 'invalid-id'],
    ['an encoded dot as a reference', handoffPath('%2E'), 400, 'invalid-id'],
    ['dots as a reference', handoffPath('..'), 400, 'invalid-id'],
    ['a matrix parameter', handoffPath('HO123;y=1'), 400, 'invalid-id'],
    ['a letter beyond ASCII', handoffPath('H%C3%96123'), 400, 'invalid-id'],
    ['65 characters', handoffPath('H'.repeat(65)), 400, 'invalid-id'],
    ['8,000 characters', handoffPath('H'.repeat(8_000)), 414, 'uri-too-long'],
    ['an empty reference', handoffPath(''), 404, 'not-found'],
    ['the reference in lower case', handoffPath('ho123'), 400, 'id-mismatch'],
    ['a malformed escape', handoffPath('HO%zz'), 400, 'malformed-request'],
    ['an overlong escape', handoffPath('HO%c0%af'), 400, 'malformed-request'],
    ['an id that looks like none', actionPath('123'), 400, 'invalid-id'],
    ['a slash in an id', actionPath(`${ACTION_ID}%2F1`), 400, 'invalid-id'],
    ['a backslash in an id', actionPath(`${ACTION_ID}%5C`), 400, 'invalid-id'],
    ['NUL in an id', actionPath(`${ACTION_ID}%00`), 400, 'invalid-id'],
    ['a line feed in an id', actionPath(`${ACTION_ID}%0d%0a`), 400, 'invalid-id'],
    ['dots as an id', actionPath('..'), 400, 'invalid-id'],
    ['a dot as an id', actionPath('.'), 400, 'invalid-id'],
    ['encoded dots as an id', actionPath('%2e%2e'), 400, 'invalid-id'],
    ['encoded dots and a slash', actionPath('%2e%2e%2faccounts'), 400, 'invalid-id'],
    ['a matrix parameter of an id', actionPath(`${ACTION_ID};y=1`), 400, 'invalid-id'],
    ['an id of 20 digits', actionPath(`0.0.0.1+-schedule+${'1'.repeat(20)}`), 400, 'invalid-id'],
    ['an id of 129 characters', actionPath(`0.0.0.1+-${'s'.repeat(118)}+1`), 400, 'invalid-id'],
    ['an id that is escaped twice', actionPath('0.0.0.1%252B-schedule%252B255194'), 400, 'invalid-id'],
    ['an empty id', actionPath(''), 404, 'not-found'],
  ])('%s', async (_what, path, status, code) => {
    const body = path.startsWith('/bcws') ? ACTION : HANDOFF;
    const headers = { 'content-type': JSON_TYPE };
    expect(await refusalOf({ path, body, headers })).toMatchObject({ status, code });
  });

  it.each(['0.0.0.1%20-schedule%20255194'])('spaces, and says where they come from: %s', async (id) => {
    const refusal = await refusalOf({
      path: actionPath(id),
      body: ACTION,
      headers: { 'content-type': JSON_TYPE },
    });
    expect(refusal).toMatchObject({ status: 400, code: 'invalid-id' });
    expect(refusal.detail).toBe('The id has a space: something on the way decoded its `+`. Send it as %2B.');
  });

  it.each(['0.0.0.1+-schedule+255194', '0.0.0.1%2B-schedule%2b255194'])(
    'neither + nor %%2B: %s',
    async (id) => {
      const { status } = await send({
        path: actionPath(id),
        body: ACTION,
        headers: { 'content-type': JSON_TYPE },
      });
      expect(status).toBe(200);
      expect(landscape.billing.onlyCall.url).toBe(
        '/bcws/webresources/v1.0/deferredactions/0.0.0.1%2B-schedule%2B255194',
      );
    },
  );
});

describe('what looks wrong but is not', () => {
  it.each<[what: string, type: string, body: string]>([
    ['a byte order mark', JSON_TYPE, `\uFEFF${ACTION}`],
    ['a byte order mark in XML', XML_TYPE, `\uFEFF${action('<scheduledDate>2021-02-14</scheduledDate>')}`],
    ['white space up to the limit', JSON_TYPE, ACTION.padEnd(65_536)],
    ['a charset in upper case', 'Application/JSON; Charset="UTF-8"', ACTION],
    ['a null member', JSON_TYPE, '{"scheduledDate":"2021-02-14","actionId":null}'],
    ['a null element', XML_TYPE, action('<scheduledDate>2021-02-14</scheduledDate><actionId type="null"/>')],
    [
      'a comment and CDATA',
      XML_TYPE,
      action('<!-- x --><scheduledDate><![CDATA[2021-02-14]]></scheduledDate>'),
    ],
  ])('%s', async (_what, type, body) => {
    const { status } = await send({ path: ACTION_PATH, body, headers: { 'content-type': type } });
    expect(status).toBe(200);
    expect(landscape.billing.onlyCall.body).toBe(ACTION);
  });
});
