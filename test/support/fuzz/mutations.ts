import fc from 'fast-check';
import type { Members, Value } from '../xml-format.js';
import type { Contract, DocumentedOperation, Schema } from './contract.js';
import { BODY_LIMIT_BYTES, isMembers, pathOf, wire, type FuzzRequest, type Wire } from './request.js';

/** Tokens that open nothing, or not everything; those who run the fuzzing make them. */
export type BadToken = 'none' | 'garbage' | 'expired' | 'other-audience' | 'other-key' | 'basic' | 'no-scope';

/** A request that is wrong in one way, and what it has to be answered with. */
export interface Invalid {
  readonly mutation: string;
  readonly wire: Wire;
  /** The format that was asked for, where there is one. */
  readonly format: 'json' | 'xml';
  readonly token?: BadToken;
  readonly status: number;
  readonly code: string;
  /** Where the fault lies, or what the pointer begins with. */
  readonly pointer?: string;
  /** Documented for the operation; a wrong method is no operation at all. */
  readonly undocumented?: true;
}

/** What decides between the ways of doing the same mutation. */
class Dice {
  private used = 0;

  constructor(private readonly numbers: readonly number[]) {}

  below(limit: number): number {
    return (this.numbers[this.used++ % this.numbers.length] ?? 0) % limit;
  }

  pick<T>(options: readonly T[]): T {
    const picked = options[this.below(options.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}

interface Material {
  readonly request: FuzzRequest;
  readonly dice: Dice;
  readonly contract: Contract;
}

type Expected = Pick<Invalid, 'status' | 'code'> &
  Partial<Pick<Invalid, 'pointer' | 'token' | 'undocumented' | 'format'>>;
type Mutated = Expected & { readonly wire: Wire };

/** Changes a valid request in one way; nothing if this one cannot be changed so. */
type Mutate = (material: Material) => Mutated | undefined;

interface Mutation {
  readonly name: string;
  readonly applies: (operation: DocumentedOperation, type: string | undefined) => boolean;
  readonly mutate: Mutate;
}

const JSON_TYPE = 'application/json';
const XML_TYPE = 'application/xml';

const always = (): boolean => true;
const takesJson = (_: DocumentedOperation, type?: string): boolean => type === JSON_TYPE;
const takesXml = (_: DocumentedOperation, type?: string): boolean => type === XML_TYPE;
const takesBody = (_: DocumentedOperation, type?: string): boolean => type !== undefined;
const takesNone = (_: DocumentedOperation, type?: string): boolean => type === undefined;
const has =
  (where: string, name?: string) =>
  ({ parameters }: DocumentedOperation): boolean =>
    parameters.some((each) => each.in === where && (name === undefined || each.name === name));
const hasNo =
  (where: string) =>
  (operation: DocumentedOperation): boolean =>
    !has(where)(operation);
/** What answers nothing may be asked for anything. */
const negotiates = ({ answers, success }: DocumentedOperation): boolean =>
  (answers.get(success)?.size ?? 0) > 0;

const MALFORMED: Expected = { status: 400, code: 'malformed-body' };
const INVALID: Expected = { status: 400, code: 'invalid-request' };
const BAD_HEADER: Expected = { status: 400, code: 'malformed-request' };
const UNSUPPORTED: Expected = { status: 415, code: 'unsupported-media-type' };

/** Sends the same with another body, as text. */
function withText(request: FuzzRequest, body: string | Buffer, expected: Expected): Mutated {
  return { wire: { ...wire(request), body }, ...expected };
}

function withBody(request: FuzzRequest, body: Members, expected: Expected): Mutated {
  // Every type is stated in XML, so that the fault stays one of its value.
  const style = { ...request.style, xml: 'explicit' as const };
  return { wire: wire({ ...request, body, style }), ...expected };
}

function withHeaders(
  request: FuzzRequest,
  headers: Readonly<Record<string, string>>,
  expected: Expected,
): Mutated {
  const sent = wire(request);
  return { wire: { ...sent, headers: { ...sent.headers, ...headers } }, ...expected };
}

/* Faults of a value by the schema. */

/** What a member may be replaced by; whether that is a fault is for the documented schema to say. */
const REPLACEMENTS: readonly Value[] = [
  '',
  'x',
  ' ',
  'true',
  '1',
  'x'.repeat(600),
  '2021-02-30',
  '2021-13-01',
  '21-2-3',
  '2021-02-14T25:00:00Z',
  '2021-02-14T09:30:00',
  'T09:30:00Z',
  'today',
  'a/b',
  '..',
  -1,
  4,
  1.5,
  2 ** 31,
  9e15,
  -9e15,
  true,
  false,
  {},
  { id: 1 },
  { id: '' },
  { id: 'x', more: 'x' },
  [],
  [null],
  ['x'],
  [{ id: 'x' }],
];

/** Objects with documented members that this body holds, itself included, with their paths. */
function objectsOf(
  schema: Schema,
  value: Value | undefined,
  contract: Contract,
  path: readonly string[] = [],
): { path: readonly string[]; schema: Schema }[] {
  if (!isMembers(value)) return [];
  const resolved = contract.resolve(schema);
  const choices = resolved.anyOf ?? resolved.oneOf ?? resolved.allOf ?? [];
  const { properties } = resolved;
  return [
    ...(properties === undefined ? [] : [{ path, schema: resolved }]),
    ...choices.flatMap((choice) => objectsOf(choice, value, contract, path)),
    ...Object.entries(properties ?? {}).flatMap(([name, each]) =>
      objectsOf(each, value[name], contract, [...path, name]),
    ),
  ];
}

/** The body with one member, at any depth, replaced, or removed if there is nothing to put in its place. */
function replaced(body: Members, [name = '', ...rest]: readonly string[], value: Value | undefined): Members {
  const inner = body[name];
  if (rest.length > 0) return isMembers(inner) ? { ...body, [name]: replaced(inner, rest, value) } : body;
  const others = Object.entries(body).filter(([each]) => each !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}

const pointerTo = (path: readonly string[]): string =>
  `#${path.map((name) => `/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')}`;

function schemaOf({ operation, type }: FuzzRequest): Schema {
  return operation.bodies.get(type ?? '')?.schema ?? {};
}

const wrongValue: Mutate = ({ request, dice, contract }) => {
  const { operation, type, body } = request;
  const check = operation.bodies.get(type ?? '')?.check;
  if (body === undefined || check === undefined) return undefined;
  const { path, schema } = dice.pick(objectsOf(schemaOf(request), body, contract));
  const at = [...path, dice.pick(Object.keys(schema.properties ?? {}))];
  const first = dice.below(REPLACEMENTS.length);
  const candidates = [...REPLACEMENTS.slice(first), ...REPLACEMENTS.slice(0, first)];
  const wrong = candidates.map((value) => replaced(body, at, value)).find((each) => !check(each));
  return wrong === undefined ? undefined : withBody(request, wrong, { ...INVALID, pointer: pointerTo(at) });
};

const missing =
  (put: Value | undefined): Mutate =>
  ({ request, dice, contract }) => {
    const { body } = request;
    const needed = objectsOf(schemaOf(request), body, contract).flatMap(({ path, schema }) =>
      (schema.required ?? []).map((name) => [...path, name]),
    );
    if (body === undefined || needed.length === 0) return undefined;
    const at = dice.pick(needed);
    return withBody(request, replaced(body, at, put), { ...INVALID, pointer: pointerTo(at) });
  };

const unknownMember: Mutate = ({ request, dice, contract }) => {
  const { body } = request;
  const closed = objectsOf(schemaOf(request), body, contract).filter(
    ({ schema }) => schema.additionalProperties === false,
  );
  if (body === undefined || closed.length === 0) return undefined;
  const { path, schema } = dice.pick(closed);
  const known = Object.keys(schema.properties ?? {});
  const like = dice.pick(known);
  const name = dice.pick(['comment', 'x', 'a b', '', `${like}s`, like.toUpperCase(), ` ${like}`, 'ID']);
  if (known.includes(name)) return undefined;
  const value = dice.pick<Value>(['x', 1, true, {}, ['x']]);
  return withBody(request, replaced(body, [...path, name], value), {
    ...INVALID,
    pointer: pointerTo([...path, name]),
  });
};

const otherId: Mutate = ({ request, dice }) => {
  const { path, body } = request;
  if (body === undefined) return undefined;
  const at = path['id'] === undefined ? ['handoffRefNumber'] : ['actionId'];
  const [id = ''] = Object.values(path);
  const other = dice.pick([`${id}1`, `1${id}`, 'HO-OTHER', id.slice(0, -1), ` ${id}`, `${id} `]);
  if (other === '' || other === id) return undefined;
  const pointed = path['id'] === undefined ? at : [...at, 'id'];
  const value = path['id'] === undefined ? other : { id: other };
  return withBody(request, replaced(body, at, value), {
    status: 400,
    code: 'id-mismatch',
    pointer: pointerTo(pointed),
  });
};

/* Faults of JSON. */

const textOf = (request: FuzzRequest): string => String(wire(request).body ?? '');

const insertedInto = (request: FuzzRequest, member: string): string =>
  textOf(request).replace('{', () => `{${member}${Object.keys(request.body ?? {}).length > 0 ? ',' : ''}`);

const brokenJson: Mutate = ({ request, dice }) => {
  const json = textOf(request);
  const end = json.lastIndexOf('}');
  const broken = dice.pick<() => string | Buffer>([
    () => json.slice(0, dice.below(end)),
    () => json.slice(0, end),
    () => `${json}}`,
    () => `${json},`,
    () => `${json}{}`,
    () => json.replace('{', '{,'),
    () => json.replace('{', '{"x" "y",'),
    () => json.replace('{', '{// x\n'),
    () => json.replace('{', "{'x':1,"),
    () => json.replace('{', '{"x":NaN,'),
    () => json.replace('{', '{"x":01,'),
    () => json.replace('{', '{"x":"\t",'),
    () => `\u00A0${json}`,
    () => Buffer.concat([Buffer.from('{"x":"'), Buffer.from([0xff]), Buffer.from(`",${json.slice(1)}`)]),
    () => Buffer.from(json, 'utf16le'),
    () => '<a/>',
  ]);
  return withText(request, broken(), MALFORMED);
};

const ambiguousJson: Mutate = ({ request, dice }) => {
  const [first] = Object.keys(request.body ?? {});
  const member = dice.pick<() => string | undefined>([
    () => (first === undefined ? undefined : `${JSON.stringify(first)}:null`),
    () => (first === undefined ? undefined : `"\\u${hex(first)}${first.slice(1)}":null`),
    () => `${JSON.stringify(dice.pick(['__proto__', 'constructor', 'prototype', 'toString']))}:{}`,
    () => '"x":9007199254740993',
    () => '"x":1e400',
    () => '"x":0.1000000000000000055',
    () => String.raw`"x":"\ud800"`,
    () => String.raw`"x":"\u0000"`,
    () => String.raw`"x":"\uffff"`,
    () => String.raw`"\u0001":"x"`,
    () => `"x":${'['.repeat(20)}${']'.repeat(20)}`,
    () => `"x":${'{"x":'.repeat(20)}1${'}'.repeat(20)}`,
  ])();
  return member === undefined ? undefined : withText(request, insertedInto(request, member), MALFORMED);
};

const hex = (text: string): string => text.charCodeAt(0).toString(16).padStart(4, '0');

const noObject: Mutate = ({ request, dice }) =>
  withText(request, dice.pick(['[]', '"x"', '1', 'true', 'null', '[{}]']), { ...INVALID, pointer: '#' });

/* Faults of XML. */

const brokenXml: Mutate = ({ request, dice }) => {
  const xml = textOf(request);
  const root = request.operation.bodies.get(XML_TYPE)?.root ?? '';
  const [first] = Object.keys(request.body ?? {});
  const opening = `<${root}>`;
  const inside = (content: string): string => xml.replace(opening, () => opening + content);
  const broken = dice.pick<() => string | Buffer | undefined>([
    () => xml.slice(0, dice.below(xml.length - 1)),
    () => `${xml}<a/>`,
    () => `${xml}x`,
    () => inside('text'),
    () => inside('<a>'),
    () => inside('&e;'),
    () => inside('&'),
    () => inside('<x>&#0;</x>'),
    () => inside('<x>&#xFFFF;</x>'),
    () => inside('<x a="1"/>'),
    () => inside('<x name="y"/>'),
    () => inside('<x type="date">1</x>'),
    () => inside('<x type="null">1</x>'),
    () => inside('<x type="number">01</x>'),
    () => inside('<x type="number">9007199254740993</x>'),
    () => inside('<x type="boolean">yes</x>'),
    () => inside('<x type="array"><y/></x>'),
    () => inside('<x>a<y/></x>'),
    () => inside('<?php echo 1 ?>'),
    () => inside('<__proto__/>'),
    () => inside('<member name="constructor"/>'),
    () => inside('<x/>'.repeat(2_001)),
    () => inside('<x>'.repeat(21) + '</x>'.repeat(21)),
    () => (first === undefined ? undefined : inside(`<${first} type="null"/>`)),
    () => inside('<x/><member name="x"/>'),
    () => xml.replaceAll(root, dice.pick(['Other', root.toLowerCase(), `${root}s`, 'item', 'problem'])),
    () => xml.replace(opening, () => `<!DOCTYPE ${root}>${opening}`),
    () => xml.replace(opening, () => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${opening}`),
    () => xml.replace(opening, () => `<${root} xmlns="urn:x">`),
    () => xml.replace(opening, () => `<${root} type="array">`),
    () => xml.replace('version="1.0"', 'version="1.1"'),
    () => xml.replace('version="1.0"', 'version="1.0" encoding="latin1"'),
    () => Buffer.concat([Buffer.from([0xff]), Buffer.from(xml)]),
    () => '{}',
  ])();
  return broken === undefined ? undefined : withText(request, broken, MALFORMED);
};

/* Faults of the rest of the request. */

const badParameter: Mutate = ({ request, dice, contract }) => {
  const { operation, path } = request;
  const names = Object.keys(path);
  if (names.length === 0) return undefined;
  const name = dice.pick(names);
  const schema = operation.parameters.find((each) => each.name === name && each.in === 'path')?.schema ?? {};
  const id = path[name] ?? '';
  const wrong = dice.pick([
    `${id} `,
    `${id}/x`,
    `x${id}/`,
    `${id};y=1`,
    `${id}\r\n`,
    `${id}\0`,
    `${id}%`,
    `${id}é`,
    `${id}?x`,
    `${id}#`,
    `${id}\\`,
    '../x',
    'x'.repeat(200).concat(' '),
    "x'y z",
    '<x>',
    '{id}',
  ]);
  if (contract.check(schema)(wrong)) return undefined;
  const sent = {
    ...request,
    path: { ...path, [name]: wrong },
    style: { ...request.style, pathSpelling: 'encoded' },
  } as const;
  return { wire: wire(sent), status: 400, code: 'invalid-id' };
};

const badPath: Mutate = ({ request, dice }) => {
  if (Object.keys(request.path).length === 0) return undefined;
  const sent = wire(request);
  const inserted = (text: string): Wire => {
    const parts = pathOf(request).split('/');
    const at = request.operation.path.split('/').findIndex((part) => part.startsWith('{'));
    return { ...sent, path: parts.with(at, text).join('/') };
  };
  return dice.pick<() => Mutated>([
    () => ({ wire: inserted('x'.repeat(257 + dice.below(500))), status: 414, code: 'uri-too-long' }),
    () => ({ wire: inserted(dice.pick(['%zz', '%', '%c0%af', '%e2%82'])), ...BAD_HEADER }),
  ])();
};

const unexpectedQuery: Mutate = ({ request, dice }) => {
  const sent = wire(request);
  const query = dice.pick(['', 'x', 'x=1', 'a=1&a=2', 'access_token=x', '_method=GET', '%zz']);
  return { wire: { ...sent, path: `${sent.path}?${query}` }, ...BAD_HEADER };
};

const badQuery: Mutate = ({ request, dice }) => {
  const { operation } = request;
  const known = operation.parameters.filter((each) => each.in === 'query');
  const name = dice.pick(known).name;
  const sent = wire({ ...request, query: {} });
  const asking = (query: string, pointer: string): Mutated => ({
    wire: { ...sent, path: `${sent.path}?${query}` },
    ...INVALID,
    pointer,
  });
  const typed = known.filter(
    ({ schema }) => schema.type !== 'string' || schema.enum !== undefined || schema.format !== undefined,
  );
  return dice.pick<() => Mutated>([
    () => asking('more=1', '?more'),
    () => asking(`${name.toUpperCase()}X=1`, `?${name.toUpperCase()}X`),
    () => asking(`${name}=1&${name}=2`, `?${name}`),
    () => asking(`${name}=%00`, `?${name}`),
    () => asking(`${name}=`, `?${name}`),
    () => {
      const { name: other } = dice.pick(typed);
      return asking(
        `${other}=${dice.pick(['x', '-1', '1.5', '9e9', 'TRUE', '2021-02-30T00:00:00Z', '%20'])}`,
        `?${other}`,
      );
    },
    () => asking(`${name}=${'x'.repeat(300)}`, `?${name}`),
  ])();
};

const badMediaType: Mutate = ({ request, dice }) =>
  withHeaders(
    request,
    {
      'content-type': dice.pick([
        'text/plain',
        'text/xml',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json-patch+json',
        'application/merge-patch+json',
        'application/vnd.api+json',
        'application/jsonx',
        'application/octet-stream',
        `${request.type ?? ''}; charset=utf-16`,
        `${request.type ?? ''}; charset=latin1`,
        'json',
        '/',
        'a b',
      ]),
    },
    UNSUPPORTED,
  );

const noMediaType: Mutate = ({ request }) => {
  const sent = wire(request);
  const headers = Object.fromEntries(
    Object.entries(sent.headers).filter(([name]) => name !== 'content-type'),
  );
  return { wire: { ...sent, headers }, ...UNSUPPORTED };
};

const tooLarge: Mutate = ({ request, dice }) => {
  const text = textOf(request);
  const missing = BODY_LIMIT_BYTES + 1 - Buffer.byteLength(text);
  return withText(request, text + ' '.repeat(missing + dice.pick([0, 1, 100, 10_000])), {
    status: 413,
    code: 'payload-too-large',
  });
};

const unexpectedBody: Mutate = ({ request, dice }) => ({
  wire: {
    ...withHeaders(request, { 'content-type': dice.pick([JSON_TYPE, XML_TYPE, 'text/plain']) }, BAD_HEADER)
      .wire,
    body: dice.pick(['{}', '<a/>', ' ', 'x']),
  },
  ...BAD_HEADER,
});

const badIdempotencyKey: Mutate = ({ request, dice }) =>
  withHeaders(
    request,
    {
      'Idempotency-Key': dice.pick([
        '""',
        '"a',
        'a"',
        'a b',
        'a,b',
        String.raw`"a\b"`,
        'x'.repeat(256),
        `"${'x'.repeat(256)}"`,
        '{a}',
        'a;b=1',
      ]),
    },
    BAD_HEADER,
  );

const badAccount: Mutate = ({ request, dice }) =>
  withHeaders(
    request,
    {
      'Account-Id': dice.pick([
        'x',
        '1',
        '0.0.0.1+-account+',
        '0.0.0.1 -account 1',
        '0.0.0.1+-account+1/..',
        '*',
      ]),
    },
    { status: 400, code: 'invalid-id' },
  );

const badAccept: Mutate = ({ request, dice }) =>
  withHeaders(
    request,
    {
      accept: dice.pick([
        'text/html',
        'image/*',
        'application/*;q=0',
        'application/json;q=0, application/xml;q=0',
        'application/pdf, text/plain;q=0.5',
        'application/problem+json',
        'application/json;version=2',
      ]),
    },
    { status: 406, code: 'not-acceptable', format: 'json' },
  );

const refusedToken =
  (token: BadToken): Mutate =>
  ({ request }) => ({
    wire: wire(request),
    token,
    ...(token === 'no-scope' ? { status: 403, code: 'forbidden' } : { status: 401, code: 'unauthenticated' }),
  });

/** Not HEAD, which comes with GET and whose replies have no body, and not OPTIONS, which says what there is. */
const wrongMethod: Mutate = ({ request, dice }) => {
  const { methods } = request.operation;
  const others = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'LOCK', 'SEARCH'].filter(
    (method) => !methods.includes(method),
  );
  // Without a body: a client may not put one into every method.
  const { 'content-type': _, ...headers } = wire(request).headers;
  return {
    wire: { ...wire(request), headers, body: undefined, method: dice.pick(others) },
    status: 405,
    code: 'method-not-allowed',
    undocumented: true,
  };
};

const MUTATIONS: readonly Mutation[] = [
  { name: 'a wrong value', applies: takesBody, mutate: wrongValue },
  { name: 'a wrong value', applies: takesBody, mutate: wrongValue },
  { name: 'a wrong value', applies: takesBody, mutate: wrongValue },
  { name: 'a member is missing', applies: takesBody, mutate: missing(undefined) },
  { name: 'a needed member is null', applies: takesBody, mutate: missing(null) },
  { name: 'an unknown member', applies: takesBody, mutate: unknownMember },
  { name: 'an unknown member', applies: takesBody, mutate: unknownMember },
  {
    name: 'another id in the body than in the path',
    applies: (operation, type) => takesBody(operation, type) && /\{(id|handoffRefNo)\}/.test(operation.path),
    mutate: otherId,
  },
  { name: 'broken JSON', applies: takesJson, mutate: brokenJson },
  { name: 'JSON that readers could differ on', applies: takesJson, mutate: ambiguousJson },
  { name: 'no object', applies: takesJson, mutate: noObject },
  { name: 'broken XML', applies: takesXml, mutate: brokenXml },
  { name: 'broken XML', applies: takesXml, mutate: brokenXml },
  { name: 'a malformed id in the path', applies: has('path'), mutate: badParameter },
  { name: 'a malformed path', applies: has('path'), mutate: badPath },
  { name: 'a query that nobody reads', applies: hasNo('query'), mutate: unexpectedQuery },
  { name: 'a wrong query', applies: has('query'), mutate: badQuery },
  { name: 'another media type', applies: takesBody, mutate: badMediaType },
  { name: 'no media type', applies: takesBody, mutate: noMediaType },
  {
    name: 'a content coding',
    applies: takesBody,
    mutate: ({ request, dice }) =>
      withHeaders(request, { 'content-encoding': dice.pick(['gzip', 'br', 'identity', 'x']) }, UNSUPPORTED),
  },
  { name: 'a body that is too large', applies: takesBody, mutate: tooLarge },
  { name: 'a body where none is taken', applies: takesNone, mutate: unexpectedBody },
  { name: 'a malformed key', applies: has('header', 'Idempotency-Key'), mutate: badIdempotencyKey },
  { name: 'a malformed account', applies: has('header', 'Account-Id'), mutate: badAccount },
  { name: 'nothing that it answers is acceptable', applies: negotiates, mutate: badAccept },
  { name: 'no token', applies: always, mutate: refusedToken('none') },
  { name: 'a token that is none', applies: always, mutate: refusedToken('garbage') },
  { name: 'an expired token', applies: always, mutate: refusedToken('expired') },
  { name: 'a token for another audience', applies: always, mutate: refusedToken('other-audience') },
  { name: 'a token signed by a stranger', applies: always, mutate: refusedToken('other-key') },
  { name: 'a password', applies: always, mutate: refusedToken('basic') },
  {
    name: 'a token without the scope',
    applies: ({ scopes }) => scopes.length > 0,
    mutate: refusedToken('no-scope'),
  },
  { name: 'a method that the path does not have', applies: always, mutate: wrongMethod },
];

/** Requests that are wrong in exactly one way, which they name. */
export function invalid(
  valid: fc.Arbitrary<FuzzRequest>,
  operation: DocumentedOperation,
  type: string | undefined,
  contract: Contract,
): fc.Arbitrary<Invalid> {
  const applicable = MUTATIONS.filter(({ applies }) => applies(operation, type));
  return fc
    .record({
      request: valid,
      mutation: fc.constantFrom(...applicable),
      numbers: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
    })
    .map(({ request, mutation, numbers }): Invalid | undefined => {
      const mutated = mutation.mutate({ request, dice: new Dice(numbers), contract });
      return mutated && { mutation: mutation.name, format: request.asked.format, ...mutated };
    })
    .filter((mutated) => mutated !== undefined);
}
