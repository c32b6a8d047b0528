import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ACTION_PATH, Landscape } from './support/landscape.js';
import { exchange, readReply, requestBytes } from './support/raw-exchange.js';
import { ScriptedUpstream } from './support/scripted-upstream.js';

const MOST_BUSY_MS = 50;
const MOST_GROWTH_KIB = 20 * 1_024;
/** Garbage collection happens to fall on somebody: it is the least of some tries that a bomb itself costs. */
const TRIES = 3;

const LIMIT = 65_536;
const MALFORMED = [400, 'malformed-body'] as const;
const INVALID = [400, 'invalid-request'] as const;
const TOO_LARGE = [413, 'payload-too-large'] as const;
const UNSUPPORTED = [415, 'unsupported-media-type'] as const;

/** A body of just the size that is still read: the unit as often as it fits between the two ends. */
function full(before: string, unit: string | ((count: number) => string), after: string): string {
  const room = LIMIT - Buffer.byteLength(before) - Buffer.byteLength(after);
  if (typeof unit === 'string') return before + unit.repeat(room / Buffer.byteLength(unit)) + after;
  let body = '';
  for (let count = 0; body.length + unit(count).length <= room; count++) body += unit(count);
  return before + body + after;
}

const nested = (open: string, close: string): string => {
  const depth = Math.floor(LIMIT / (open.length + close.length));
  return open.repeat(depth) + close.repeat(depth);
};

/** Names as long as 64 KiB have room for. */
const members = (count: number): string =>
  Array.from({ length: count }, (_, number) => `,"${String(number).padStart(24, 'a')}":0`).join('');

const action = (content: string): string => `<DeferredAction>${content}</DeferredAction>`;
const laughs = Array.from(
  { length: 9 },
  (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
).join('');
const ZEROS = Buffer.alloc(50_000_000);

let landscape: Landscape;
let canary: ScriptedUpstream;
let authorization: string;

const status = (name: 'VmRSS' | 'VmHWM'): number =>
  Number(
    new RegExp(`${name}:\\s+(\\d+)`).exec(readFileSync(`/proc/${landscape.gateway.pid}/status`, 'utf8'))?.[1],
  );

/** How long the event loop of the gateway has been on a processor, ms. Waiting for one does not count. */
function busy(): number {
  const { pid } = landscape.gateway;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** Resolves once the gateway has nothing else to do. */
async function idle(): Promise<void> {
  await (await fetch(`${landscape.gateway.url}/problems/not-found`)).arrayBuffer();
}

/** What the gateway needed for it: processor time of the event loop, ms; memory at most, KiB. */
async function cost(send: () => Promise<unknown>): Promise<{ ms: number; kib: number }> {
  await idle();
  // proc(5): from now on VmHWM is the most since now.
  writeFileSync(`/proc/${landscape.gateway.pid}/clear_refs`, '5');
  const before = { busy: busy(), rss: status('VmRSS') };
  await send();
  await idle();
  return { ms: busy() - before.busy, kib: status('VmHWM') - before.rss };
}

interface Bomb {
  readonly type?: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

async function explode({ type = 'application/json', headers, ...bomb }: Bomb): Promise<unknown> {
  const bytes = requestBytes({
    path: ACTION_PATH,
    body: '{"scheduledDate":"2021-02-14"}',
    headers: { authorization, 'content-type': type, ...headers },
    ...bomb,
  });
  const { status: answered, body } = readReply(await exchange(landscape.gateway.url, bytes));
  return [answered, (JSON.parse(body) as { code: string }).code];
}

beforeAll(async () => {
  [landscape, canary] = await Promise.all([Landscape.start(), ScriptedUpstream.start()]);
  authorization = `Bearer ${await landscape.issuer.token()}`;
  // The same ways as the bombs go, with nothing in them that should cost anything.
  const dull = ' '.repeat(LIMIT - 100);
  for (let count = 0; count < 100; count++) {
    await explode({ body: `{"description":"${'x'.repeat(1_000)}","actionStatus":4}${dull.slice(2_000)}` });
    await explode({ type: 'application/xml', body: action(`<actionStatus>4</actionStatus>${dull}`) });
    await explode({ headers: { 'content-encoding': 'gzip' } });
  }
});
afterAll(() => Promise.all([landscape.end(), canary.close()]));

const json = (body: string): Bomb => ({ body });
const xml = (body: string): Bomb => ({ body, type: 'application/xml' });
const coded = (coding: string, body: Uint8Array): Bomb => ({ body, headers: { 'content-encoding': coding } });

describe('a bomb costs next to nothing, and an upstream hears nothing of it', () => {
  it.each<[what: string, bomb: () => Bomb, answer: readonly [status: number, code: string]]>([
    ['100 arrays in each other', () => json('['.repeat(100) + ']'.repeat(100)), MALFORMED],
    ['arrays in each other', () => json(nested('[', ']')), MALFORMED],
    ['arrays in each other that never close', () => json('['.repeat(LIMIT)), MALFORMED],
    ['objects in each other', () => json(nested('{"a":', '}')), MALFORMED],
    ['unknown members', () => json(full('{"x":0', (count) => `,"${count}":0`, '}')), MALFORMED],
    ['as many unknown members as there may be', () => json(`{"x":0${members(1_998)}}`), INVALID],
    [
      'as many members as there may be, where anything goes',
      () => json(`{"actionStatus":4,"extension":{"x":0${members(1_996)}}}`),
      INVALID,
    ],
    [
      'objects in a list',
      () => json(full('{"actionStatus":4,"extension":{"x":[{}', ',{}', ']}}')),
      MALFORMED,
    ],
    ['the same name again and again', () => json(full('{"a":0', ',"a":0', '}')), MALFORMED],
    ['forbidden names', () => json(full('{"a":0', ',"__proto__":{"isAdmin":true}', '}')), MALFORMED],
    ['a long name', () => json(full('{"', 'x', '":0}')), INVALID],
    ['a number of many digits', () => json(full('{"extension":{"n":1', '0', '1}}')), MALFORMED],
    ['a number of many decimals', () => json(full('{"extension":{"n":0.', '0', '1}}')), MALFORMED],
    ['a number with a long exponent', () => json(full('{"extension":{"n":1e', '9', '}}')), MALFORMED],
    ['many numbers', () => json(full('{"actionStatus":4,"extension":{"n":[0', ',0.1', ']}}')), MALFORMED],
    [
      'as many numbers as there may be',
      () => json(`{"actionStatus":4,"extension":{"n":[0${`,0.${'1'.repeat(15)}`.repeat(1_995)}]}}`),
      INVALID,
    ],
    [
      'escapes, the last a lone surrogate',
      () => json(full('{"description":"', String.raw`\u0041`, String.raw`\ud800"}`)),
      MALFORMED,
    ],
    ['a string that does not end', () => json(full('{"description":"', 'x', '')), MALFORMED],
    [
      'a date that does not end',
      () => json(full('{"scheduledDate":"2021-02-14T00:00:00.', '0', '"}')),
      INVALID,
    ],
    [
      'an id that does not end',
      () => json(full('{"actionStatus":1,"actionId":{"id":"0.0.0.1+', '-a', '"}}')),
      [400, 'id-mismatch'],
    ],
    ['white space', () => json(full('', ' \n', '')), MALFORMED],
    [
      'bytes that are not UTF-8, at the end',
      () => ({ body: Buffer.alloc(LIMIT, 'x').fill(0xff, LIMIT - 1) }),
      MALFORMED,
    ],
    ['100,000 members', () => json(`{${'"a":0,'.repeat(100_000)}}`), TOO_LARGE],
    ['one byte too many', () => json(' '.repeat(LIMIT + 1)), TOO_LARGE],

    [
      'a billion laughs',
      () => xml(`<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>${action('<description>&l9;</description>')}`),
      MALFORMED,
    ],
    [
      'a long entity again and again',
      () =>
        xml(
          full(
            `<!DOCTYPE x [<!ENTITY e "${'x'.repeat(30_000)}">]><DeferredAction>`,
            '&e;',
            '</DeferredAction>',
          ),
        ),
      MALFORMED,
    ],
    [
      'an external entity',
      () =>
        xml(`<!DOCTYPE x [<!ENTITY e SYSTEM "${canary.url}">]>${action('<description>&e;</description>')}`),
      MALFORMED,
    ],
    [
      'a parameter entity',
      () => xml(`<!DOCTYPE x [<!ENTITY % e SYSTEM "${canary.url}">%e;]>${action('')}`),
      MALFORMED,
    ],
    ['a document type elsewhere', () => xml(`<!DOCTYPE x SYSTEM "${canary.url}">${action('')}`), MALFORMED],
    ['a document type that does not end', () => xml(full('<!DOCTYPE x [', '<!ENTITY e "x">', '')), MALFORMED],
    ['elements in each other', () => xml(nested('<a>', '</a>')), MALFORMED],
    ['200,000 elements in each other', () => xml('<a>'.repeat(200_000) + '</a>'.repeat(200_000)), TOO_LARGE],
    ['many elements', () => xml(full('<DeferredAction>', '<a/>', '</DeferredAction>')), MALFORMED],
    [
      '1,999 unknown elements',
      () => xml(action(Array.from({ length: 1_999 }, (_, count) => `<a${count}/>`).join(''))),
      INVALID,
    ],
    ['a long attribute', () => xml(full('<DeferredAction type="', 'x', '"/>')), MALFORMED],
    ['many attributes', () => xml(full('<DeferredAction', (count) => ` a${count}=""`, '/>')), MALFORMED],
    ['the same attribute again and again', () => xml(full('<DeferredAction', ' a=""', '/>')), MALFORMED],
    ['a long name of an element', () => xml(full('<', 'x', '/>')), MALFORMED],
    ['references', () => xml(full('<DeferredAction>', '&#65;', '</DeferredAction>')), MALFORMED],
    ['a reference that does not end', () => xml(full('<DeferredAction>&', 'x', '')), MALFORMED],
    ['comments', () => xml(full('', '<!---->', '')), MALFORMED],
    [
      'sections of CDATA',
      () => xml(full('<DeferredAction>', '<![CDATA[]]]]>', 'x</DeferredAction>')),
      MALFORMED,
    ],
    ['angle brackets', () => xml('<'.repeat(LIMIT)), MALFORMED],
    [
      'a number of many digits in XML',
      () =>
        xml(full('<DeferredAction><extension><n type="number">1', '0', '1</n></extension></DeferredAction>')),
      MALFORMED,
    ],

    ['50 MB in gzip', () => coded('gzip', gzipSync(ZEROS)), UNSUPPORTED],
    ['50 MB in deflate', () => coded('deflate', deflateSync(ZEROS)), UNSUPPORTED],
    ['50 MB in Brotli', () => coded('br', brotliCompressSync(ZEROS)), UNSUPPORTED],
    ['50 MB in gzip, twice', () => coded('gzip, gzip', gzipSync(gzipSync(ZEROS))), UNSUPPORTED],
    [
      '50 MB in gzip that says nothing of it',
      () => ({ body: gzipSync(ZEROS).subarray(0, LIMIT) }),
      MALFORMED,
    ],

    ['media ranges', () => ({ headers: { accept: 'a/b;q=0.1,'.repeat(1_400) } }), [406, 'not-acceptable']],
    [
      'parameters of a media range',
      () => ({ headers: { accept: `a/b${';charset=utf-8 '.repeat(900)}` } }),
      [406, 'not-acceptable'],
    ],
    ['parameters of a media type', () => ({ type: `text/plain${';a=b'.repeat(3_000)}` }), UNSUPPORTED],
    [
      'a long token',
      () => ({ headers: { authorization: `Bearer ${'x'.repeat(14_000)}` } }),
      [401, 'unauthenticated'],
    ],
    [
      'a token after much white space',
      () => ({ headers: { authorization: `Bearer${' '.repeat(14_000)}!` } }),
      [401, 'unauthenticated'],
    ],
    [
      'a token of dots',
      () => ({ headers: { authorization: `Bearer ${'.'.repeat(14_000)}` } }),
      [401, 'unauthenticated'],
    ],
    [
      'a long key',
      () => ({ headers: { 'idempotency-key': `"${String.raw`\"`.repeat(6_000)}` } }),
      [400, 'malformed-request'],
    ],
    [
      'a long account',
      () => ({ headers: { 'account-id': `0.0.0.1+${'-a'.repeat(6_000)}` } }),
      [400, 'invalid-id'],
    ],
    ['parameters', () => ({ path: `${ACTION_PATH}?${'a=1&'.repeat(3_000)}` }), [400, 'malformed-request']],
    [
      'parameters of a search',
      () => ({ method: 'GET', path: `/writes?${'a=1&'.repeat(3_000)}`, body: '' }),
      INVALID,
    ],
    [
      'different parameters of a search',
      () => ({
        method: 'GET',
        path: `/writes?${full('', (count) => `a${count}&`, '').slice(0, 12_000)}`,
        body: '',
      }),
      INVALID,
    ],
    ['an id of 8,000 characters', () => ({ path: ACTION_PATH + '1'.repeat(8_000) }), [414, 'uri-too-long']],
    ['an id of escapes', () => ({ path: ACTION_PATH + '%2b'.repeat(4_000) }), [414, 'uri-too-long']],
  ])('%s', async (what, bomb, answer) => {
    const made = bomb();
    const tries: { ms: number; kib: number }[] = [];
    for (let count = 0; count < TRIES; count++) {
      tries.push(
        await cost(async () => {
          expect(await explode(made)).toEqual(answer);
        }),
      );
    }
    const ms = Math.min(...tries.map((each) => each.ms));
    const kib = Math.max(...tries.map((each) => each.kib));
    process.stdout.write(`${ms.toFixed(1).padStart(7)} ms ${String(kib).padStart(6)} KiB  ${what}\n`);
    expect(ms).toBeLessThan(MOST_BUSY_MS);
    expect(kib).toBeLessThan(MOST_GROWTH_KIB);
    expect([...landscape.billing.calls, ...canary.calls]).toEqual([]);
  });
});

describe('50 MB', () => {
  const chunk = (bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
  const megabyte = ZEROS.subarray(0, 1_000_000);

  it.each([
    ['announced', { 'content-length': '50000000' }, Buffer.alloc(0), megabyte],
    ['in chunks', { 'transfer-encoding': 'chunked' }, chunk(Buffer.alloc(LIMIT + 1)), chunk(megabyte)],
  ])('%s are answered before they are sent, and are not kept', async (what, headers, first, more) => {
    const head = requestBytes({
      path: ACTION_PATH,
      headers: { authorization, 'content-type': 'application/json', connection: 'keep-alive', ...headers },
    });
    const { hostname, port } = new URL(landscape.gateway.url);
    const send = async (): Promise<void> => {
      const socket = connect(Number(port), hostname);
      socket.write(Buffer.concat([head, first]));
      const [reply] = (await once(socket, 'data')) as [Buffer];
      expect(readReply(reply.toString())).toMatchObject({ status: 413 });
      for (let sent = 0; sent < 50; sent++) socket.write(more);
      socket.end();
      await once(socket, 'close');
    };
    const growth: number[] = [];
    for (let count = 0; count < 2 * TRIES; count++) growth.push((await cost(send)).kib);
    process.stdout.write(`50 MB ${what}, again and again: ${growth.join(', ')} KiB\n`);
    // Buffers wait for the garbage collector; what is kept would show each time.
    expect(Math.min(...growth)).toBeLessThan(MOST_GROWTH_KIB);
    expect(landscape.billing.calls).toEqual([]);
  });
});
