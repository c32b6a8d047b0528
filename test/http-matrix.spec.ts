import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';
import { PROBLEM_TYPES, type ProblemCode } from '../src/platform/http/problem-types.js';
import { auditRecords } from './support/audit-records.js';
import { builtGateway } from './support/built-gateway.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply, type RawRequest } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';
import { ALL_SCOPES } from './support/token-issuer.js';
import { OPERATION_ID, OPERATOR_SCOPES, TARGETS, type Target } from './support/targets.js';

const BODY_LIMIT = 1_024;
/** Known to Node's parser; PROPFIND and QUERY are of no use to any route. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];
/** Every problem is asked for in both. */
const FORMATS = ['json', 'xml'] as const;
const JSON_TYPE = { 'content-type': 'application/json' };
const UUID = /^[0-9a-f-]{36}$/;

/** What stands for parameters in the paths of the targets. */
const IDS = /HO-\d+|0\.0\.0\.1\+[^/]*|OPERATION_ID|not-found|initializer\.js/;
/** Targets of the same route pattern have the same shape. */
const shapeOf = (path: string): string => path.replace(/\d+/g, 'N');
/** One target for each path, and every method that the path has. */
const PATHS = [...Map.groupBy(TARGETS, ({ path }) => shapeOf(path)).values()].flatMap(([first, ...more]) =>
  first === undefined ? [] : [{ ...first, methods: methodsOf([first, ...more]) }],
);
const named = TARGETS.map((target) => ({ ...target, name: `${target.method} ${target.path}`, target }));
const READ_WITH_GET = named.filter(({ method }) => method === 'GET');
const NEGOTIATED = named.filter(({ comesAs }) => comesAs === 'json or xml');
const WITH_BODY = named.filter(({ body }) => body !== undefined);
const WITHOUT_BODY = named.filter(({ body }) => body === undefined);
const CLOSED = named.filter(({ path }) => !isOpen(path));

function methodsOf(targets: readonly Target[]): string[] {
  const methods = targets.map(({ method }) => method);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].sort();
}

function isOpen(path: string): boolean {
  return /^\/(problems|docs|health|openapi\.json)/.test(path);
}

let landscape: Landscape;
let authorization: string;
let operationId: string;
let document: OpenAPIObject;
let problemTypes: string[];
/** Every route, as the router has it: `PUT /writes/:operationId`. */
let routes: string[];
let cells = 0;
/** How many refusals there were, by status. */
const refused = new Map<number, number>();

beforeAll(async () => {
  landscape = await Landscape.start({ BODY_LIMIT_BYTES: String(BODY_LIMIT) });
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
  const reply = await landscape.call(actionPath(0), { body: { scheduledDate: '2021-02-14' } });
  operationId = reply.headers.get('operation-id') ?? '';
  const scope = `${ALL_SCOPES} ${OPERATOR_SCOPES}`;
  authorization = `Bearer ${await landscape.issuer.token({ sub: 'matrix', scope })}`;
  document = (await (await fetch(`${landscape.gateway.url}/openapi.json`)).json()) as OpenAPIObject;
  const problems = await (await fetch(`${landscape.gateway.url}/problems`)).json();
  problemTypes = (problems as { items: { type: string }[] }).items.map(({ type }) => type);
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  const inProcess = await builtGateway(dataDir);
  routes = inProcess.routes.flatMap(({ method, path }) => (method === 'HEAD' ? [] : `${method} ${path}`));
  await inProcess.app.close();
  rmSync(dataDir, { recursive: true, force: true });
});
afterAll(async () => {
  process.stdout.write(`${cells} cells of the HTTP matrix\n`);
  await landscape.end();
});

/** The route that a request is for, if it is for one. */
function routeOf(method: string, path: string): string | undefined {
  return routes.find((route) => {
    const [ofRoute, pattern = ''] = route.split(' ');
    const matches = new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]+')}$`);
    return ofRoute === (method === 'HEAD' ? 'GET' : method) && matches.test(path.replace(/\?.*/, ''));
  });
}

interface Cell extends RawRequest {
  readonly method: string;
  /** By default the one that reaches everything; null sends none. */
  readonly token?: string | null;
  /** Sent as a chunk. */
  readonly chunk?: string;
}

/** The request of a target as it should be. */
function aRequest({ method, path, query = '', body }: Target): Cell {
  return { method, path: path + query, ...(body !== undefined && { body, headers: JSON_TYPE }) };
}

/** Makes a request and holds the reply against everything that any reply promises. */
async function cell({ token = authorization, chunk, headers, ...request }: Cell): Promise<RawReply> {
  const requestId = `cell-${String(++cells).padStart(5, '0')}`;
  const path = request.path.replace(OPERATION_ID, operationId);
  const head = requestBytes({
    ...request,
    path,
    headers: {
      'x-request-id': requestId,
      ...(token !== null && { authorization: token }),
      ...(chunk !== undefined && { 'transfer-encoding': 'chunked' }),
      ...headers,
    },
  });
  const rest = chunk === undefined ? '' : `${chunk.length.toString(16)}\r\n${chunk}\r\n0\r\n\r\n`;
  const text = await exchange(landscape.gateway.url, Buffer.concat([head, Buffer.from(rest)]));
  const reply = readReply(text);
  const what = `${request.method} ${path} ${reply.status}`;
  expectCommonHeaders(what, reply, text, requestId);
  if (reply.status < 400) return reply;
  refused.set(reply.status, (refused.get(reply.status) ?? 0) + 1);
  expect([what, reply.headers['content-type']]).toEqual([
    what,
    expect.stringMatching(/^application\/problem\+(json|xml); charset=utf-8$/),
  ]);
  if (request.method !== 'HEAD') expectProblem(what, reply, path);
  expectDocumented(what, request.method, path, reply);
  return reply;
}

function expectCommonHeaders(
  what: string,
  { status, headers, body }: RawReply,
  text: string,
  requestId: string,
): void {
  const names = text
    .slice(0, text.indexOf('\r\n\r\n'))
    .split('\r\n')
    .slice(1)
    .map((line) => line.replace(/:.*/s, '').toLowerCase());
  const length = headers['content-length'];
  const chunked = headers['transfer-encoding'] === 'chunked';
  const bodiless = status === 204 || what.startsWith('HEAD ');
  expect({
    what,
    twice: names.filter((name, index) => names.indexOf(name) !== index),
    leaking: names.filter((name) => /^(server|x-powered-by|via)$/.test(name)),
    vary: headers['vary'],
    cacheControl: headers['cache-control'],
    requestId: headers['x-request-id'],
    dated: Math.abs(Date.parse(headers['date'] ?? '') - Date.now()) < 60_000,
    framed: bodiless ? body === '' : chunked !== (length === String(Buffer.byteLength(body))),
    bothFramings: length !== undefined && headers['transfer-encoding'] !== undefined,
    typed:
      status === 204
        ? (headers['content-type'] ?? length ?? headers['transfer-encoding'])
        : headers['content-type']?.endsWith('; charset=utf-8'),
  }).toEqual({
    what,
    twice: [],
    leaking: [],
    vary: 'Accept',
    cacheControl: 'no-store',
    requestId: isParserRefused(what) ? (expect.stringMatching(UUID) as string) : requestId,
    dated: true,
    framed: true,
    bothFramings: false,
    typed: status === 204 ? undefined : true,
  });
}

/** What Node's parser refuses has no request whose id and path could be known. */
function isParserRefused(what: string): boolean {
  return what.startsWith('FROBNICATE') || what.endsWith('431');
}

/** A member of a problem document, whichever format it is in. */
function member({ headers, body }: RawReply, name: string): string | undefined {
  if (headers['content-type']?.includes('+xml') === true)
    return new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1];
  const value = (JSON.parse(body) as Record<string, string | number | undefined>)[name];
  return value === undefined ? undefined : String(value);
}

function expectProblem(what: string, reply: RawReply, path: string): void {
  expect({
    what,
    type: problemTypes.includes(member(reply, 'type') ?? ''),
    code: member(reply, 'type')?.replace(/^.*\//, ''),
    status: member(reply, 'status'),
    instance: member(reply, 'instance'),
    requestId: member(reply, 'requestId'),
  }).toEqual({
    what,
    type: true,
    code: member(reply, 'code'),
    status: String(reply.status),
    instance: isParserRefused(what) ? '' : path.replace(/\?.*/, '').slice(0, 1_024),
    requestId: reply.headers['x-request-id'],
  });
}

/** What a documented operation answers is in the document, as the media type that it came as. */
function expectDocumented(what: string, method: string, path: string, { status, headers }: RawReply): void {
  const [, template = ''] = routeOf(method, path)?.split(' ') ?? [];
  const item = document.paths[template.replace(/:(\w+)/g, '{$1}')] as
    Record<string, OperationObject> | undefined;
  const operation = item?.[(method === 'HEAD' ? 'GET' : method).toLowerCase()];
  if (operation === undefined) return;
  const response = operation.responses[String(status)];
  const types = response !== undefined && 'content' in response ? Object.keys(response.content ?? {}) : [];
  expect([what, types]).toEqual([
    what,
    expect.arrayContaining([headers['content-type']?.replace(/;.*/, '') ?? '']),
  ]);
}

/** A reply in a few words: `405 problem+xml method-not-allowed`. */
function inShort(reply: RawReply, method = 'GET'): string {
  const type = reply.headers['content-type']?.replace(/^\w+\/|;.*/g, '');
  const code = reply.status < 400 || method === 'HEAD' ? undefined : member(reply, 'code');
  return [reply.status, type, code].filter((word) => word !== undefined).join(' ');
}

/** Makes requests, each once for every format, and expects the same refusal of all of them. */
async function expectRefusals(
  requests: readonly (Cell & { readonly what?: string })[],
  status: number,
  code: ProblemCode,
  headers: Record<string, string | undefined> = {},
): Promise<void> {
  landscape.lending.play(json(500, {}));
  landscape.billing.play(json(500, {}));
  const told = await Promise.all(
    requests.flatMap((request) =>
      FORMATS.map(async (format) => {
        // Only what is asked for decides: every route has something that this accepts.
        const accept = `application/${format}, application/x-ndjson;q=0.1`;
        const reply = await cell({ ...request, headers: { accept, ...request.headers } });
        const carried = Object.keys(headers).map((name) => [name, reply.headers[name]]);
        const { method, path, what = `${method} ${path}` } = request;
        return {
          asked: [what, inShort(reply, method), Object.fromEntries(carried) as object],
          expected: [what, `${status} problem+${format}${method === 'HEAD' ? '' : ` ${code}`}`, headers],
        };
      }),
    ),
  );
  expect(told.map(({ asked }) => asked)).toEqual(told.map(({ expected }) => expected));
  expect([...landscape.lending.calls, ...landscape.billing.calls]).toEqual([]);
}

/** Lets the upstreams answer the target. */
function play({ answer }: Target): void {
  if (answer === undefined) return;
  landscape.lending.play(answer);
  landscape.billing.play(answer);
}

describe('the matrix', () => {
  it('has a request for every route, and none without one', () => {
    const covered = TARGETS.map(({ method, path }) => routeOf(method, path) ?? `no route: ${method} ${path}`);
    expect(covered.sort()).toEqual([...routes].sort());
  });

  it('knows where the ids are', () => {
    const known = TARGETS.filter(({ path }) => IDS.test(path));
    const parametric = TARGETS.filter(({ method, path }) => routeOf(method, path)?.includes(':'));
    expect(known).toEqual(parametric);
  });
});

describe.each(named)('$name', ({ target }) => {
  it('is answered', async () => {
    play(target);
    const reply = await cell(aRequest(target));
    expect(reply.status).toBe(target.status);
  });
});

describe.each(PATHS)('a method that the path does not have: $path', ({ path, methods }) => {
  const allow = methods.join(', ');

  it('is answered 405, with the methods that it has', async () => {
    const others = METHODS.filter((method) => !methods.includes(method));
    const requests = others.map((method) => ({
      method,
      path,
      headers: { canary: 'not to be echoed', ...(method.startsWith('P') && JSON_TYPE) },
      ...(/^(POST|PUT|PATCH)$/.test(method) && { body: '{}' }),
    }));
    await expectRefusals(requests, 405, 'method-not-allowed', { allow });
  });

  it('is listed by none but OPTIONS, without a body', async () => {
    const reply = await cell({ method: 'OPTIONS', path, token: null });
    expect([inShort(reply), reply.headers['allow']]).toEqual(['204', allow]);
  });

  it('is never echoed by TRACE', async () => {
    const { body } = await cell({ method: 'TRACE', path, headers: { canary: 'not to be echoed' } });
    expect(body).not.toMatch(/canary|Bearer|not to be echoed/);
  });

  it('is malformed if nobody knows it', async () => {
    expect(inShort(await cell({ method: 'FROBNICATE', path }))).toBe('400 problem+json malformed-request');
  });
});

describe.each(PATHS)('a path next to $path', ({ path, method }) => {
  it.each([
    ['with a slash at its end', `${path}/`],
    ['in another case', path.toUpperCase().replace('OPERATION_ID', OPERATION_ID)],
    ['with two slashes first', `/${path}`],
    ['with two slashes last', path.replace(/\/(?=[^/]*$)/, '//')],
    ['below it', `${path}/no/such`],
    ['with a dot', `/.${path}`],
    ['with two dots', `/x/..${path}`],
  ])('%s is answered 404', async (_, other) => {
    await expectRefusals([{ method, path: other }], 404, 'not-found');
  });
});

it.each([...METHODS, 'OPTIONS'])('answers %s of a path that no route has with 404', async (method) => {
  await expectRefusals([{ method, path: '/no/such' }], 404, 'not-found');
});

describe.each(READ_WITH_GET)('HEAD $path', ({ target }) => {
  const request = aRequest(target);
  const twins: [what: string, status: number, changes: Partial<Cell>][] = [
    ['all is well', 200, {}],
    [
      'JSON is asked for',
      target.comesAs === 'x-ndjson' ? 406 : 200,
      { headers: { accept: 'application/json' } },
    ],
    [
      'XML is asked for',
      target.comesAs === 'x-ndjson' ? 406 : 200,
      { headers: { accept: 'application/xml' } },
    ],
    [
      'nothing that there is is asked for',
      target.comesAs === 'a page' ? 200 : 406,
      { headers: { accept: 'image/png' } },
    ],
    ['a body comes with it', 400, { body: '{}' }],
    ...(isOpen(target.path)
      ? []
      : ([
          ['nobody is signed in', 401, { token: null }],
          ['the query is unreadable', 400, { path: `${target.path}?a=%zz` }],
        ] as [string, number, Partial<Cell>][])),
  ];

  it.each(twins)('is answered as GET, without the body, if %s', async (_, status, changes) => {
    const twin = async (method: string): Promise<RawReply> => {
      play(target);
      return await cell({ ...request, ...changes, method });
    };
    const [get, head] = [await twin('GET'), await twin('HEAD')];
    expect([get.status, head.status]).toEqual([status, status]);
    // RFC 9110 section 9.3.2: but what is only known of content that is made.
    const without = { 'x-request-id': '', date: '', 'transfer-encoding': '' };
    expect({ ...head.headers, ...without }).toEqual({ ...get.headers, ...without });
  });
});

describe('Accept', () => {
  /** What a successful reply and a problem come as. */
  const ACCEPTS: [accept: string | undefined, reply: 'json' | 'xml' | 406, problem: 'json' | 'xml'][] = [
    [undefined, 'json', 'json'],
    // RFC 9110 section 5.6.1: an empty list. It rules nothing out.
    ['', 'json', 'json'],
    ['*/*', 'json', 'json'],
    ['*/*;q=0.1', 'json', 'json'],
    ['application/*', 'json', 'json'],
    ['application/json', 'json', 'json'],
    ['application/xml', 'xml', 'xml'],
    ['APPLICATION/XML', 'xml', 'xml'],
    // Equal weights: the first one.
    ['application/json, application/xml', 'json', 'json'],
    ['application/xml, application/json', 'xml', 'xml'],
    ['application/xml;q=0.5,application/json;q=0.5', 'xml', 'xml'],
    ['application/json;q=0.5, application/xml;q=0.6', 'xml', 'xml'],
    ['application/xml ; q=0.9 , application/json ; q=0.8', 'xml', 'xml'],
    ['application/xml;q=0.001, text/html', 'xml', 'xml'],
    ['application/xml;q=0.1, application/json', 'json', 'json'],
    // The more precise range decides about its type, wherever it stands.
    ['application/xml;q=0.5, */*', 'json', 'json'],
    ['*/*, application/json;q=0.5', 'xml', 'json'],
    ['application/json;q=0, */*', 'xml', 'json'],
    ['application/xml;q=0, application/*', 'json', 'json'],
    ['text/html, application/xml;q=0.9, */*;q=0.8', 'xml', 'xml'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', 'xml', 'xml'],
    ['application/json;charset=utf-8', 'json', 'json'],
    ['application/xml; charset="UTF-8"; q=0.9, text/plain', 'xml', 'xml'],
    ['application/json;charset=iso-8859-1', 406, 'json'],
    ['application/json;charset=iso-8859-1, application/xml', 'xml', 'xml'],
    ['application/json;version=1', 406, 'json'],
    ['application/vnd.x+json', 406, 'json'],
    ['text/html', 406, 'json'],
    ['text/xml', 406, 'json'],
    ['*/*;q=0', 406, 'json'],
    ['application/json;q=0', 406, 'json'],
    ['application/json;q=0, application/xml;q=0.0', 406, 'json'],
    // What a client says that can read problem documents: it still has to say what else.
    ['application/problem+json, application/json', 'json', 'json'],
    ['application/json, application/problem+xml', 'json', 'json'],
    ['application/problem+json, application/xml', 'xml', 'json'],
    ['application/problem+json;q=0.1, application/xml;q=0.2', 'xml', 'xml'],
    ['application/problem+json', 406, 'json'],
    ['application/problem+xml', 406, 'xml'],
    ['no media type', 406, 'json'],
    ['/, ;q=1, application/xml', 'xml', 'xml'],
    [`${'text/x, '.repeat(1_000)}application/xml`, 'xml', 'xml'],
    ['text/html\r\naccept: application/xml', 'xml', 'xml'],
  ];
  const row = (accept: string | undefined): string => accept?.slice(0, 80) ?? 'no Accept';

  it.each(NEGOTIATED)('decides what $name comes as', async ({ target }) => {
    play(target);
    const told = [];
    for (const [accept, , problem] of ACCEPTS) {
      const request = aRequest(target);
      const reply = await cell({
        ...request,
        headers: { ...request.headers, ...(accept !== undefined && { accept }) },
      });
      told.push([row(accept), inShort(reply), problem]);
    }
    expect(told).toEqual(
      ACCEPTS.map(([accept, reply, problem]) => {
        if (reply === 406) return [row(accept), `406 problem+${problem} not-acceptable`, problem];
        const other = target.status < 400 ? reply : `problem+${problem} write-decided`;
        return [row(accept), `${target.status} ${other}`, problem];
      }),
    );
  });

  it.each(named.filter(({ comesAs }) => comesAs === 'nothing' || comesAs === 'a page'))(
    'means nothing to $name, which comes as it is',
    async ({ target }) => {
      play(target);
      for (const accept of ['text/html', 'application/problem+json', '*/*;q=0', 'application/json']) {
        const { status } = await cell({ ...aRequest(target), headers: { accept } });
        expect([accept, status]).toEqual([accept, target.status]);
      }
    },
  );

  it.each(named.filter(({ comesAs }) => comesAs === 'x-ndjson'))(
    'must admit lines of JSON for $name',
    async ({ target }) => {
      const expected = [
        [undefined, '200 x-ndjson'],
        ['', '200 x-ndjson'],
        ['*/*;q=0.1', '200 x-ndjson'],
        ['application/*', '200 x-ndjson'],
        ['application/x-ndjson', '200 x-ndjson'],
        ['application/x-ndjson;charset=utf-8', '200 x-ndjson'],
        ['application/json;q=0.9, application/x-ndjson;q=0.1', '200 x-ndjson'],
        ['application/json', '406 problem+json not-acceptable'],
        ['application/xml', '406 problem+xml not-acceptable'],
        ['application/x-ndjson;q=0, */*', '406 problem+json not-acceptable'],
      ] as const;
      const told = await Promise.all(
        expected.map(async ([accept]) => {
          const headers = accept === undefined ? {} : { accept };
          return [accept, inShort(await cell({ ...aRequest(target), headers }))];
        }),
      );
      expect(told).toEqual(expected);
    },
  );
});

describe.each(WITH_BODY)('the body of $name', ({ target }) => {
  const request = aRequest(target);
  const accepted = { accept: 'application/json, application/xml', 'accept-encoding': undefined };

  it('is refused with 415 unless it is JSON or XML in UTF-8, and told what is accepted', async () => {
    const types = [
      undefined,
      '',
      'text/plain',
      'text/json',
      'text/xml',
      'text/html; charset=utf-8',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'application/vnd.x+json',
      'application/problem+json',
      'application/merge-patch+json',
      'application/soap+xml',
      'application/json-seq',
      'application/jsonx',
      'application/json; charset=latin1',
      'application/json;charset=iso-8859-1',
      'application/json;charset=utf-16',
      'application/json; charset="utf-7"',
      'application/xml; charset=us-ascii',
      'json',
      'application/',
      '/json',
      'application json',
      'application/json, application/xml',
      'application/*',
      '*/*',
      // Malformed, or two readers could understand them differently.
      'application/json charset=utf-8',
      'application/json; charset',
      'application/json; charset=',
      'application/json; charset = utf-8',
      'application/json; charset="utf-8',
      "application/json; charset='utf-8'",
      'application/json; charset=utf-8; charset=latin1',
      'application/json; charset=latin1; charset=utf-8',
      'application/json; charset*=utf-16',
      'application/json; charset="utf\\-16"',
      'application/json; a="b; charset=utf-8',
    ];
    const requests = types.map((type) => ({
      ...request,
      headers: type === undefined ? {} : { 'content-type': type },
      what: `Content-Type: ${type ?? 'none'}`,
    }));
    await expectRefusals(requests, 415, 'unsupported-media-type', accepted);
  });

  it('is refused with 415 in any coding, and told that none is accepted', async () => {
    const codings = ['gzip', 'br', 'deflate', 'zstd', 'identity', 'gzip, br', 'x'];
    const requests = codings.map((coding) => ({
      ...request,
      headers: { ...JSON_TYPE, 'content-encoding': coding },
      what: `Content-Encoding: ${coding}`,
    }));
    await expectRefusals(requests, 415, 'unsupported-media-type', {
      accept: undefined,
      'accept-encoding': 'identity',
    });
  });

  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json ; charset="UTF-8"',
    'application/json;',
    'application/json;; a="b\\"; charset=latin1"; charset=utf-8',
  ])('is read as %s', async (type) => {
    play(target);
    const reply = await cell({ ...request, headers: { 'content-type': type } });
    expect(reply.status).toBe(target.status);
  });

  it('is refused with 413 if it is too large, whether its length is told or not', async () => {
    const tooLarge = ' '.repeat(BODY_LIMIT + 1);
    const { body, ...head } = request;
    expect(body).toBeDefined();
    await expectRefusals(
      [
        { ...head, body: tooLarge },
        { ...head, chunk: tooLarge },
      ],
      413,
      'payload-too-large',
    );
  });
});

it.each(WITHOUT_BODY)('refuses a body of $name with 400', async ({ method, path }) => {
  const requests = [
    { method, path, body: '{}', headers: JSON_TYPE },
    { method, path, body: '{}' },
    { method, path, chunk: '{}', headers: JSON_TYPE },
  ];
  await expectRefusals(requests, 400, 'malformed-request');
});

describe.each(CLOSED)('$name', ({ target }) => {
  it('is closed to whoever is not signed in', async () => {
    const requests = [null, 'Basic Y2xlcms6', 'Bearer no.token.here'].map((token) => ({
      ...aRequest(target),
      token,
    }));
    await expectRefusals(requests, 401, 'unauthenticated', {
      'www-authenticate': expect.stringMatching(/^Bearer realm="surehand"/) as string,
    });
  });

  it('is closed to whoever lacks its scope, and says which', async () => {
    const [method = '', path = ''] = routeOf(target.method, target.path)?.split(' ') ?? [];
    const item = document.paths[path.replace(/:(\w+)/g, '{$1}')] as Record<string, OperationObject>;
    const security = item[method.toLowerCase()]?.security ?? [];
    const scopes = security.flatMap((requirement) => requirement['access-token'] ?? []);
    const token = `Bearer ${await landscape.issuer.token({ sub: 'nobody', scope: 'other' })}`;
    if (scopes.length === 0) {
      // Open to whoever is signed in, for what is their own.
      expect((await cell({ ...aRequest(target), token })).status).not.toBe(403);
      return;
    }
    await expectRefusals([{ ...aRequest(target), token }], 403, 'forbidden', {
      'www-authenticate': `Bearer realm="surehand", error="insufficient_scope", scope="${scopes.join(' ')}"`,
    });
  });

  it('refuses a query that it does not read, or cannot', async () => {
    await expectRefusals([{ ...aRequest(target), path: `${target.path}?a=%zz` }], 400, 'malformed-request');
  });
});

describe.each(PATHS.filter(({ path }) => IDS.test(path)))('an id in $path', ({ path, method }) => {
  it.each([300, 8_000])('of %d characters is answered 414', async (length) => {
    await expectRefusals([{ method, path: path.replace(IDS, 'x'.repeat(length)) }], 414, 'uri-too-long');
  });
});

describe.each(PATHS)('too much for $path', ({ path, method }) => {
  it('are a URL and headers over 16 KiB: 431, in JSON since nobody could read Accept', async () => {
    const xml = { accept: 'application/xml' };
    const replies = [
      await cell({ method, path: `${path}?${'x'.repeat(16_384)}`, headers: xml }),
      await cell({ method, path, headers: { ...xml, a: 'x'.repeat(16_384) } }),
    ];
    expect(replies.map((reply) => inShort(reply))).toEqual(
      replies.map(() => '431 problem+json headers-too-large'),
    );
  });
});

it('has a page for every problem that was met', async () => {
  const pages = await Promise.all(
    problemTypes.map(async (type) => (await cell({ method: 'GET', path: new URL(type).pathname })).status),
  );
  expect(pages).toEqual(problemTypes.map(() => 200));
});

it('left exactly one record of every refusal, or one more count', async () => {
  const { dataDir } = landscape.gateway;
  await landscape.gateway.stop();
  const records = auditRecords(dataDir);
  const refusals = records.filter(({ kind }) => kind === 'refusal');
  const ids = refusals.map((record) => record['requestId']);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  const recorded = new Map<number, number>();
  const add = (status: number, count: number): unknown =>
    recorded.set(status, (recorded.get(status) ?? 0) + count);
  for (const record of refusals) add(Number(record['status']), 1);
  for (const { kind, overflowed, what, count } of records) {
    if (kind === 'overflow' && overflowed === 'refusal')
      add(PROBLEM_TYPES[what as ProblemCode].status, Number(count));
  }
  const inOrder = (counts: Map<number, number>): unknown => [...counts].sort(([a], [b]) => a - b);
  expect(inOrder(recorded)).toEqual(inOrder(refused));
});
