/** A request that was once answered wrongly, or that looks as if it might be. It is sent for ever. */
export interface CorpusRow {
  readonly name: string;
  /** The operation, as in the table of operations; its path, method and an empty request are the default. */
  readonly operation: string;
  /** In place of the id in the path, as it is sent. */
  readonly id?: string;
  /** After the path. */
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly status: number;
  readonly code?: string;
  /** The body that the upstream is told. */
  readonly told?: unknown;
}

const MODIFY = 'deferred-action.modify';
const UPDATE = 'handoff.update-status';
const CREATE = 'handoff.create';
const PERFORM = 'deferred-action.perform';
const DELETE = 'deferred-action.delete';
const LIST = 'deferred-action.list';
const READ = 'handoff.read';
const STATUSES = 'handoff.read-statuses';

const XML = { 'content-type': 'application/xml' };
const JSON_TYPE = { 'content-type': 'application/json' };
const key = (value: string): Record<string, string> => ({ ...JSON_TYPE, 'Idempotency-Key': value });

const inJson = (body: string): Pick<CorpusRow, 'headers' | 'body'> => ({ headers: JSON_TYPE, body });
const inXml = (content: string): Pick<CorpusRow, 'headers' | 'body'> => ({
  headers: XML,
  body: `<DeferredAction>${content}</DeferredAction>`,
});
const invalid = { status: 400, code: 'invalid-request' };
const malformed = { status: 400, code: 'malformed-body' };

/** Found by fuzzing. */
const FOUND: readonly CorpusRow[] = [
  {
    name: 'a path with a bad escape is named as a URI reference all the same',
    operation: LIST,
    id: '%zz',
    status: 400,
    code: 'malformed-request',
  },
  {
    name: 'a path with a lone percent sign is named as a URI reference all the same',
    operation: READ,
    id: '%',
    status: 400,
    code: 'malformed-request',
  },
];

/** Thought up. */
const INTERESTING: readonly CorpusRow[] = [
  { name: 'an id with its plus as it is', operation: PERFORM, id: '0.0.0.1+-schedule+9000001', status: 201 },
  {
    name: 'an id with its plus escaped',
    operation: PERFORM,
    id: '0.0.0.1%2B-schedule%2B9000002',
    status: 201,
  },
  {
    name: 'an id with its plus escaped in lower case',
    operation: PERFORM,
    id: '0.0.0.1%2b-schedule%2b9000003',
    status: 201,
  },
  {
    name: 'an id whose plus became a space',
    operation: PERFORM,
    id: '0.0.0.1%20-schedule%201',
    status: 400,
    code: 'invalid-id',
  },
  {
    name: 'an id escaped twice',
    operation: PERFORM,
    id: '0.0.0.1%252B-schedule%252B1',
    status: 400,
    code: 'invalid-id',
  },
  { name: 'an id without a class', operation: DELETE, id: '0.0.0.1++9000004', status: 204 },
  { name: 'an id with a revision', operation: DELETE, id: '0.0.0.1+-schedule+9000005+7', status: 204 },
  {
    name: 'an id with a number beyond 2^53',
    operation: DELETE,
    id: '0.0.0.1+-schedule+9223372036854775807',
    status: 204,
  },
  { name: 'an id with a negative number', operation: DELETE, id: '0.0.0.1+-schedule+-5', status: 204 },
  {
    name: 'an id with digits that are not ASCII',
    operation: DELETE,
    id: '0.0.0.1+-schedule+%D9%A1',
    status: 400,
    code: 'invalid-id',
  },
  {
    name: 'an id and an encoded line feed',
    operation: DELETE,
    id: '0.0.0.1+-schedule+1%0A',
    status: 400,
    code: 'invalid-id',
  },
  {
    name: 'an id and an encoded slash',
    operation: LIST,
    id: '0.0.0.1+-account+1%2F..',
    status: 400,
    code: 'invalid-id',
  },
  { name: 'a reference of 64 characters', operation: READ, id: 'A'.repeat(64), status: 200 },
  {
    name: 'a reference of 65 characters',
    operation: READ,
    id: 'A'.repeat(65),
    status: 400,
    code: 'invalid-id',
  },
  {
    name: 'a reference that is an encoded dot segment',
    operation: STATUSES,
    id: '%2e%2e',
    status: 400,
    code: 'invalid-id',
  },
  { name: 'a reference with every character escaped', operation: READ, id: '%48%4F%31', status: 200 },
  { name: 'an empty query', operation: READ, id: 'HO1', query: '?', status: 400, code: 'malformed-request' },
  {
    name: 'a method override in the query',
    operation: READ,
    id: 'HO1',
    query: '?_method=DELETE',
    status: 400,
    code: 'malformed-request',
  },
  {
    name: 'a token in the query',
    operation: READ,
    id: 'HO1',
    query: '?access_token=x',
    status: 400,
    code: 'malformed-request',
  },
  {
    name: 'a body for a read',
    operation: READ,
    id: 'HO1',
    ...inJson('{}'),
    status: 400,
    code: 'malformed-request',
  },
  {
    name: 'a body for a deletion',
    operation: DELETE,
    ...inJson('{}'),
    status: 400,
    code: 'malformed-request',
  },
  { name: 'a media type without a body', operation: PERFORM, headers: JSON_TYPE, status: 201 },
  { name: 'a deletion that asks for HTML', operation: DELETE, headers: { accept: 'text/html' }, status: 204 },
  {
    name: 'PATCH',
    operation: MODIFY,
    method: 'PATCH',
    ...inJson('{"actionStatus":1}'),
    status: 405,
    code: 'method-not-allowed',
  },
  {
    name: 'a member name with an escaped letter, twice',
    operation: MODIFY,
    ...inJson(String.raw`{"description":"a","\u0064escription":"b"}`),
    ...malformed,
  },
  {
    name: 'a member name with an escaped letter',
    operation: MODIFY,
    ...inJson(String.raw`{"\u0064escription":"a"}`),
    status: 200,
    told: { description: 'a' },
  },
  {
    name: 'a member twice, deep in an open object',
    operation: MODIFY,
    ...inJson('{"extension":{"a":[{"b":1,"b":1}]}}'),
    ...malformed,
  },
  {
    name: 'a byte order mark',
    operation: MODIFY,
    ...inJson('\uFEFF{"description":"a"}'),
    status: 200,
    told: { description: 'a' },
  },
  {
    name: 'two byte order marks',
    operation: MODIFY,
    ...inJson('\uFEFF\uFEFF{"description":"a"}'),
    ...malformed,
  },
  {
    name: 'a no-break space around the body',
    operation: MODIFY,
    ...inJson('\u00A0{"description":"a"}'),
    ...malformed,
  },
  { name: 'all null', operation: MODIFY, ...inJson('{"description":null,"extension":null}'), ...invalid },
  {
    name: 'only which action',
    operation: MODIFY,
    id: '0.0.0.1+-schedule+1',
    ...inJson('{"actionId":{"id":"0.0.0.1+-schedule+1"}}'),
    ...invalid,
  },
  {
    name: 'nulls deep in an open object',
    operation: MODIFY,
    ...inJson('{"extension":{"a":null,"b":[null,{"c":null}]}}'),
    status: 200,
    told: { extension: { b: [null, {}] } },
  },
  {
    name: 'an open object without members',
    operation: MODIFY,
    ...inJson('{"extension":{}}'),
    status: 200,
    told: { extension: {} },
  },
  {
    name: 'minus zero',
    operation: MODIFY,
    ...inJson('{"actionStatus":-0}'),
    status: 200,
    told: { actionStatus: 0 },
  },
  {
    name: 'a whole number with a fraction of zero',
    operation: MODIFY,
    ...inJson('{"actionStatus":1.0}'),
    status: 200,
    told: { actionStatus: 1 },
  },
  {
    name: 'a whole number with an exponent',
    operation: MODIFY,
    ...inJson('{"scheduledDate":1e12}'),
    status: 200,
    told: { scheduledDate: 1e12 },
  },
  {
    name: 'a status that is no whole number',
    operation: MODIFY,
    ...inJson('{"actionStatus":0.5}'),
    ...invalid,
  },
  { name: 'a number as text', operation: MODIFY, ...inJson('{"actionStatus":"1"}'), ...invalid },
  {
    name: 'the furthest date',
    operation: MODIFY,
    ...inJson('{"scheduledDate":8640000000000000}'),
    status: 200,
    told: { scheduledDate: 8.64e15 },
  },
  {
    name: 'one millisecond further',
    operation: MODIFY,
    ...inJson('{"scheduledDate":8640000000000001}'),
    ...invalid,
  },
  {
    name: 'a leap day',
    operation: MODIFY,
    ...inJson('{"scheduledDate":"2024-02-29"}'),
    status: 200,
    told: { scheduledDate: '2024-02-29' },
  },
  {
    name: 'a leap day in a year without one',
    operation: MODIFY,
    ...inJson('{"scheduledDate":"1900-02-29"}'),
    ...invalid,
  },
  {
    name: 'a leap second',
    operation: MODIFY,
    ...inJson('{"scheduledDate":"2016-12-31T23:59:60Z"}'),
    ...invalid,
  },
  {
    name: 'a date-time in lower case',
    operation: MODIFY,
    ...inJson('{"scheduledDate":"2021-02-14t09:30:00z"}'),
    ...invalid,
  },
  {
    name: 'a date in the year zero',
    operation: MODIFY,
    ...inJson('{"scheduledDate":"0000-02-29"}'),
    status: 200,
    told: { scheduledDate: '0000-02-29' },
  },
  {
    name: 'a right-to-left override in a text',
    operation: MODIFY,
    ...inJson('{"description":"\u202Efdp.exe"}'),
    status: 200,
    told: { description: '\u202Efdp.exe' },
  },
  {
    name: 'a character beyond the basic plane, escaped',
    operation: MODIFY,
    ...inJson(String.raw`{"description":"\ud83d\ude00"}`),
    status: 200,
    told: { description: '😀' },
  },
  {
    name: 'DEL and C1 controls, which XML can carry',
    operation: MODIFY,
    ...inJson('{"description":"\u007f\u0085"}'),
    status: 200,
    told: { description: '\u007f\u0085' },
  },
  {
    name: 'CDATA and a comment in a text',
    operation: MODIFY,
    ...inXml('<description>a<![CDATA[<b>]]><!-- c -->d</description>'),
    status: 200,
    told: { description: 'a<b>d' },
  },
  {
    name: 'a line end that XML would tidy up',
    operation: MODIFY,
    ...inXml('<description>a\r\nb&#13;c</description>'),
    status: 200,
    told: { description: 'a\nb\rc' },
  },
  {
    name: 'digits in an element without a type',
    operation: MODIFY,
    ...inXml('<extension><n>007</n></extension>'),
    status: 200,
    told: { extension: { n: '007' } },
  },
  {
    name: 'an empty element',
    operation: MODIFY,
    ...inXml('<description/>'),
    status: 200,
    told: { description: '' },
  },
  {
    name: 'an XML member twice, once by attribute',
    operation: MODIFY,
    ...inXml('<extension><a/><member name="a"/></extension>'),
    ...malformed,
  },
  { name: 'XML as JSON', operation: MODIFY, headers: JSON_TYPE, body: '<DeferredAction/>', ...malformed },
  {
    name: 'the root of another operation',
    operation: UPDATE,
    headers: XML,
    body: '<ExternalHandoffModel/>',
    ...malformed,
  },
  {
    name: 'a reference that differs in case',
    operation: UPDATE,
    id: 'HO1',
    ...inJson('{"handoffRefNumber":"ho1"}'),
    status: 400,
    code: 'id-mismatch',
  },
  {
    name: 'a reference with a space in the body',
    operation: CREATE,
    ...inJson('{"applicationNumber":"A","handoffRefNumber":"HO 1"}'),
    ...invalid,
  },
  {
    name: 'an application without a number',
    operation: CREATE,
    ...inJson('{"applicationNumber":"","handoffRefNumber":"HO1"}'),
    ...invalid,
  },
  {
    name: 'a key in quotes with an escaped quote',
    operation: MODIFY,
    headers: key(String.raw`"a\"b"`),
    body: '{"actionStatus":1}',
    status: 200,
    told: { actionStatus: 1 },
  },
  {
    name: 'a key of 255 escaped characters',
    operation: MODIFY,
    headers: key(`"${'\\\\'.repeat(255)}"`),
    body: '{"actionStatus":1}',
    status: 200,
    told: { actionStatus: 1 },
  },
  {
    name: 'a key of 256 characters',
    operation: MODIFY,
    headers: key('k'.repeat(256)),
    body: '{"actionStatus":1}',
    status: 400,
    code: 'malformed-request',
  },
  {
    name: 'an empty key',
    operation: MODIFY,
    headers: key('""'),
    body: '{"actionStatus":1}',
    status: 400,
    code: 'malformed-request',
  },
  {
    name: 'a body of exactly 64 KiB',
    operation: MODIFY,
    ...inJson('{"actionStatus":1}'.padEnd(65_536)),
    status: 200,
    told: { actionStatus: 1 },
  },
  {
    name: 'a body one byte larger',
    operation: MODIFY,
    ...inJson('{"actionStatus":1}'.padEnd(65_537)),
    status: 413,
    code: 'payload-too-large',
  },
  {
    name: 'an identity coding',
    operation: MODIFY,
    headers: { ...JSON_TYPE, 'content-encoding': 'identity' },
    body: '{"actionStatus":1}',
    status: 415,
    code: 'unsupported-media-type',
  },
];

export const CORPUS: readonly CorpusRow[] = [...FOUND, ...INTERESTING];
