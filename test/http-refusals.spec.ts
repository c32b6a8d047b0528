import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { auditRecords, recordsOf } from './support/audit-records.js';
import {
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  aHandoffUpdate,
} from './support/landscape.js';
import { exchange, readReply, requestBytes, type RawReply, type RawRequest } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const RESCHEDULE = '{"scheduledDate":"2021-02-14"}';
const chunked = { 'transfer-encoding': 'chunked' };

let landscape: Landscape;
/** A write that would be carried out, were it not for what a row changes. */
let aWrite: (changes?: Partial<RawRequest>) => string;
/** How many records there are so far, if every refused request left exactly one. */
let recorded = 0;
let requests = 0;

beforeAll(async () => {
  landscape = await Landscape.start();
  const authorization = `Bearer ${await landscape.issuer.token()}`;
  aWrite = ({ headers, ...changes } = {}) =>
    requestBytes({
      path: ACTION_PATH,
      headers: {
        authorization,
        'content-type': 'application/json',
        'x-request-id': `request-${++requests}`,
        ...headers,
      },
      body: RESCHEDULE,
      ...changes,
    }).toString('latin1');
});
afterAll(() => landscape.end());
beforeEach(() => {
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
});

async function send(bytes: string): Promise<RawReply> {
  return readReply(await exchange(landscape.gateway.url, Buffer.from(bytes, 'latin1')));
}

/** What every refusal has in common, also those of the HTTP parser. Returns its record. */
async function expectRefusal(
  { headers, ...reply }: RawReply,
  status: number,
  code: string,
): Promise<Readonly<Record<string, unknown>>> {
  const problem = JSON.parse(reply.body) as Record<string, unknown>;
  const requestId = headers['x-request-id'] ?? '';
  expect(problem).toMatchObject({ status, code, requestId });
  expect(problem['type']).toBe(`${landscape.gateway.url}/problems/${code}`);
  expect(reply.status).toBe(status);
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(Buffer.byteLength(reply.body)),
    vary: 'Accept',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  expect(landscape.billing.calls).toEqual([]);
  const [record] = await recordsOf(landscape.gateway.dataDir, requestId);
  // Exactly one each: a second one, under whatever request id, makes a row fail, this one or the next.
  expect(auditRecords(landscape.gateway.dataDir).length).toBe(++recorded);
  expect(record).toMatchObject({ kind: 'refusal', problem: code, status, requestId });
  return record ?? {};
}

describe('a request that is refused by its head', () => {
  it.each<[what: string, status: number, code: string, changes: () => string]>([
    ['headers over 16 KiB', 431, 'headers-too-large', () => aWrite({ headers: { a: 'x'.repeat(16_384) } })],
    ['5 MB of headers', 431, 'headers-too-large', () => aWrite({ headers: { a: 'x'.repeat(5_000_000) } })],
    [
      '101 header lines',
      431,
      'headers-too-large',
      () => aWrite().replace('\r\n\r\n', `${'\r\na: b'.repeat(101 - 6)}\r\n\r\n`),
    ],
    [
      '2,100 short header lines',
      431,
      'headers-too-large',
      () => aWrite().replace('\r\n', `\r\n${'a:b\r\n'.repeat(2_100)}`),
    ],
    ['a parameter, and again', 400, 'malformed-request', () => aWrite({ path: `${ACTION_PATH}?a=1&a=2` })],
    ['a malformed URL', 400, 'malformed-request', () => aWrite({ path: '/problems/%zz' })],
    ['an overlong encoding in the URL', 400, 'malformed-request', () => aWrite({ path: '/problems/%c0%af' })],
  ])('%s', async (_what, status, code, bytes) => {
    await expectRefusal(await send(bytes()), status, code);
  });

  it('but not by 100 header lines', async () => {
    const reply = await send(aWrite().replace('\r\n\r\n', `${'\r\na: b'.repeat(100 - 6)}\r\n\r\n`));
    expect(reply.status).toBe(200);
    // The intent and the outcome.
    recorded += 2;
  });

  it('and the last of them counts as much as the first', async () => {
    const [authorization = ''] = /authorization: .*\r\n/.exec(aWrite()) ?? [];
    const reply = await send(
      aWrite()
        .replace(authorization, '')
        .replace('\r\n\r\n', `${'\r\na: b'.repeat(100 - 6)}\r\n${authorization}\r\n`),
    );
    expect(reply.status).toBe(200);
    recorded += 2;
  });

  it('CONNECT is told that there is no method at all', async () => {
    const reply = await send(requestBytes({ method: 'CONNECT', path: 'elsewhere:443' }).toString());
    await expectRefusal(reply, 405, 'method-not-allowed');
    expect(reply.headers['allow']).toBe('');
  });
});

describe('a request that is no unambiguous HTTP', () => {
  const twice = (name: string) => (): string =>
    aWrite().replace('\r\n', `\r\n${name}: one\r\n${name}: two\r\n`);

  it.each<[what: string, bytes: () => string]>([
    ['a garbage request line', () => 'GARBAGE\r\n\r\n'],
    ['a TLS handshake', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a space in the path', () => aWrite({ path: '/a b' })],
    ['a fragment that would cut an id short', () => aWrite({ path: `${ACTION_PATH}#9` })],
    ['no Host', () => aWrite().replace(/host: .*\r\n/, '')],
    ['a Host that is none', () => aWrite({ headers: { host: 'evil.example/?' } })],
    ['two Hosts', twice('Host')],
    ['two Authorizations', twice('Authorization')],
    ['two Content-Types', twice('Content-Type')],
    ['two Idempotency-Keys', twice('Idempotency-Key')],
    ['two X-Request-Ids', twice('X-Request-Id')],
    ['two Content-Lengths', () => aWrite().replace('\r\n', '\r\nContent-Length: 30\r\n')],
    ['a Content-Length that is a list', () => aWrite({ headers: { 'content-length': '30, 30' } })],
    ['a Content-Length in hexadecimal', () => aWrite({ headers: { 'content-length': '0x1e' } })],
    ['a Content-Length below zero', () => aWrite({ headers: { 'content-length': '-30' } })],
    ['an empty Content-Length', () => aWrite({ headers: { 'content-length': '' } })],
    ['a Content-Length with a sign', () => aWrite({ headers: { 'content-length': '+30' } })],
    ['Content-Length and chunked', () => aWrite({ headers: chunked, body: '0\r\n\r\n' })],
    [
      'gzip, chunked',
      () => aWrite({ headers: { 'transfer-encoding': 'gzip, chunked', 'content-length': '' } }),
    ],
    [
      'chunked in two lines',
      () =>
        aWrite({ body: '' }).replace(/content-length.*\r\n/, 'transfer-encoding: chunked\r\n'.repeat(2)) +
        '0\r\n\r\n',
    ],
    [
      'a chunk size with a sign',
      () =>
        aWrite({ body: '' }).replace(/content-length.*/, 'transfer-encoding: chunked') +
        '+2\r\n{}\r\n0\r\n\r\n',
    ],
    [
      'chunked in HTTP/1.0',
      () =>
        aWrite({ body: '' })
          .replace('HTTP/1.1', 'HTTP/1.0')
          .replace(/content-length.*/, 'transfer-encoding: chunked') + `1e\r\n${RESCHEDULE}\r\n0\r\n\r\n`,
    ],
    ['HTTP/2.0 in the clothes of HTTP/1.1', () => aWrite().replace('HTTP/1.1', 'HTTP/2.0')],
    ['HTTP/0.9', () => `PUT ${ACTION_PATH}\r\n\r\n`],
    ['a carriage return in a header', () => aWrite({ headers: { a: 'b\rc' } })],
    ['a line feed without a carriage return', () => aWrite().replaceAll('\r\n', '\n')],
    ['a folded header', () => aWrite().replace('\r\n\r\n', '\r\na: b\r\n c\r\n\r\n')],
    ['a space before the colon', () => aWrite().replace('host:', 'host :')],
    ['a NUL in a header', () => aWrite({ headers: { a: 'b\0c' } })],
  ])('%s is answered 400', async (_what, bytes) => {
    await expectRefusal(await send(bytes()), 400, 'malformed-request');
  });

  it.each(['gzip, chunked', 'identity', 'xchunked', 'chunked, chunked'])(
    'is answered once, and the connection closed, if Transfer-Encoding is %s',
    async (coding) => {
      const head = aWrite({ headers: { 'transfer-encoding': coding }, body: '' }).replace(
        'content-length: 0\r\n',
        '',
      );
      const text = await exchange(landscape.gateway.url, `${head}0\r\n\r\n`);
      expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
      await expectRefusal(readReply(text), 400, 'malformed-request');
    },
  );

  it('keeps its request id, and is recorded with its path, if only its body is malformed', async () => {
    const head = aWrite({ headers: chunked, body: '' }).replace('content-length: 0\r\n', '');
    const reply = await send(`${head}no chunk size\r\n`);
    expect(reply.headers['x-request-id']).toBe(`request-${requests}`);
    expect(await expectRefusal(reply, 400, 'malformed-request')).toMatchObject({
      method: 'PUT',
      path: ACTION_PATH,
    });
  });

  it('never takes the place of the reply that an earlier write on the connection is owed', async () => {
    const { hostname, port } = new URL(landscape.gateway.url);
    const socket = connect(Number(port), hostname);
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => (received += text));
    landscape.billing.play((call, response, request) => {
      socket.write('GARBAGE\r\n\r\n');
      setTimeout(() => {
        json(200, DOCUMENTED_REPLY)(call, response, request);
      }, 100);
    });
    socket.write(aWrite({ headers: { connection: 'keep-alive', 'x-request-id': 'earlier' } }));
    await once(socket, 'close');
    expect(received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(readReply(received)).toMatchObject({ status: 200, headers: { connection: 'close' } });
    const records = await recordsOf(landscape.gateway.dataDir, 'earlier', 2);
    expect(records.map(({ kind }) => kind)).toEqual(['intent', 'outcome']);
    const all = auditRecords(landscape.gateway.dataDir);
    expect(all.length).toBe((recorded += 3));
    expect(all.at(-2)).toMatchObject({ kind: 'refusal', problem: 'malformed-request' });
  });

  it('is answered after an earlier request on the connection that was answered at once', async () => {
    const earlier = aWrite({ path: '/nothing', headers: { connection: 'keep-alive' } });
    const text = await exchange(landscape.gateway.url, `${earlier}GARBAGE\r\n\r\n`);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 400']);
    recorded++;
    await expectRefusal(readReply(text.slice(text.lastIndexOf('HTTP/1.1'))), 400, 'malformed-request');
  });

  it('takes the whole connection down if its body is malformed while an earlier write is owed a reply', async () => {
    const head = aWrite({ headers: chunked, body: '' }).replace('content-length: 0\r\n', '');
    const { hostname, port } = new URL(landscape.gateway.url);
    const socket = connect(Number(port), hostname);
    landscape.billing.play((call, response, request) => {
      socket.write(`${head}no chunk size\r\n`);
      socket.once('close', () => {
        json(200, DOCUMENTED_REPLY)(call, response, request);
      });
    });
    socket.write(aWrite({ headers: { connection: 'keep-alive', 'x-request-id': 'taken-down' } }));
    const [data] = (await Promise.race([once(socket, 'data'), once(socket, 'close')])) as unknown[];
    expect(data).toBe(false);
    const records = await recordsOf(landscape.gateway.dataDir, 'taken-down', 2);
    expect(records.map(({ outcome }) => outcome)).toEqual([undefined, 'applied']);
    expect(auditRecords(landscape.gateway.dataDir).length).toBe((recorded += 3));
  });

  it('is no request with an expectation that nobody knows', async () => {
    expect((await send(aWrite({ headers: { expect: 'the unexpected' } }))).status).toBe(200);
    recorded += 2;
  });

  it('reaches a client that is still sending: a body of 10 MB is answered 413', async () => {
    const sending = request(landscape.gateway.url + ACTION_PATH, {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${await landscape.issuer.token()}`,
        'content-type': 'application/json',
      },
    }).end(' '.repeat(10_000_000));
    const [response] = (await once(sending, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(413);
    // Rejects if the connection is reset under it.
    await once(sending, 'finish');
    response.resume();
    recorded++;
  });

  it('is not waited for: headers that take longer than five seconds are answered 408', async () => {
    const begun = performance.now();
    const reply = await send(aWrite().slice(0, 100));
    expect(performance.now() - begun).toBeLessThan(7_500);
    await expectRefusal(reply, 408, 'request-timeout');
  });
});

describe('the request id', () => {
  it.each(['a', 'a.b:c_d-1', 'x'.repeat(128)])('is kept if it is well-formed: %s', async (id) => {
    const reply = await send(requestBytes({ path: '/nothing', headers: { 'x-request-id': id } }).toString());
    expect(reply.headers['x-request-id']).toBe(id);
  });

  it.each(['', 'a b', 'a,b', '<a>', 'ü', 'x'.repeat(129)])('is replaced if it is not: %s', async (id) => {
    const reply = await send(requestBytes({ path: '/nothing', headers: { 'x-request-id': id } }).toString());
    expect(reply.headers['x-request-id']).toMatch(UUID_V7);
  });
});

describe('the Accept header', () => {
  it.each<[accept: string, errors: string]>([
    [
      'application/xml',
      '<errors><i><pointer>#/remark</pointer><message>is not a known field</message></i></errors>',
    ],
    [
      'application/problem+json;q=0.1, application/xml;q=0.2',
      '<errors><i><pointer>#/remark</pointer><message>is not a known field</message></i></errors>',
    ],
    // A problem document in the format that is asked for, but no reply can be: 406, without errors.
    ['application/problem+xml', ''],
  ])('%s gets a problem document in XML', async (accept, errors) => {
    const reply = await landscape.call(HANDOFF_PATH, {
      body: aHandoffUpdate({ remark: 'é' }),
      headers: { accept, 'x-request-id': 'r-1' },
    });
    const body = await reply.text();
    expect(reply.headers.get('content-type')).toBe('application/problem+xml; charset=utf-8');
    expect(reply.headers.get('content-length')).toBe(String(Buffer.byteLength(body)));
    expect(body).toContain(
      '<?xml version="1.0" encoding="UTF-8"?>\n<problem xmlns="urn:ietf:rfc:7807"><type>',
    );
    expect(body).toContain('<requestId>r-1</requestId><outcome>not-applied</outcome>');
    expect(body).toMatch(`<retryable>false</retryable>${errors}</problem>`);
  });
});

it('leaves nothing else in the trail', async () => {
  await delay(100);
  const kinds = new Set(auditRecords(landscape.gateway.dataDir).map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['intent', 'outcome', 'refusal']);
});
