import fc from 'fast-check';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { exchange, requestBytes } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

const RUNS = 1_000;
/** Always the same, unless another one is asked for. */
const SEED = Number(process.env['MUTATIONS_SEED'] ?? 1);
const BODY = '{"scheduledDate":"2021-02-14"}';
/** A mutation may make another id, or another day, of the one that is there; never something else. */
const ACTION_URL = expect.stringMatching(
  /^\/bcws\/webresources\/v1\.0\/deferredactions\/\d+\.\d+\.\d+\.\d+%2B[\w-]*%2B-?\d+(%2B\d+)?$/,
) as string;
const BODY_TOLD = /^\{"scheduledDate":"\d{4}-\d\d-\d\d"\}$/;
/** What a request that is sent right behind shows: whether the gateway still knows where a request begins. */
const NEXT = requestBytes({ method: 'GET', path: '/problems/not-found' }).toString('latin1');

const piece = fc.constantFrom(
  ...[
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    '\0',
    ' ',
    '\t',
    ':',
    ',',
    ';',
    '%',
    '#',
    '?',
    '/',
    '..',
    '+',
    '-',
    '0',
    '9',
    '\x80',
    '\xff',
  ],
  ...['\r\nTransfer-Encoding: chunked', '\r\nTransfer-Encoding: xchunked', '\r\nTransfer-Encoding:\tchunked'],
  ...[
    '\r\nContent-Length: 2',
    '\r\nContent-Length: 030',
    '\r\nContent-Length : 30',
    '\r\nHost: evil.example',
  ],
  ...['\r\n folded', '\r\nConnection: transfer-encoding', '\r\nUpgrade: h2c', '\r\nExpect: 100-continue'],
  ...['0\r\n\r\n', '1e\r\n', 'GET /writes HTTP/1.1\r\n', 'HTTP/1.0', '{}', '"', '\\u0000', '1e400'],
);

describe(`${RUNS} writes with something put into them, seed ${SEED}`, () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start();
  });
  afterAll(() => landscape.end());

  it('are each made once, or refused without a call, and whatever comes behind them is never mistaken', async () => {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const token = await landscape.issuer.token();
    const right = requestBytes({
      path: ACTION_PATH,
      headers: {
        authorization: 'Bearer TOKEN',
        'content-type': 'application/json',
        connection: 'keep-alive',
      },
      body: BODY,
    }).toString('latin1');
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(piece, fc.nat(), fc.nat({ max: 3 }), async (inserted, where, dropped) => {
        landscape.billing.calls.length = 0;
        const at = where % (right.length + 1);
        const bytes =
          (right.slice(0, at) + inserted + right.slice(at + dropped)).replace('TOKEN', token) + NEXT;
        const text = await exchange(landscape.gateway.url, Buffer.from(bytes, 'latin1'));
        const answers = [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status = '']) => status);
        const all = answers.join(' ');
        seen.set(all, (seen.get(all) ?? 0) + 1);
        // The write, after 100 if that was asked for, and at most one answer to what came right behind it.
        expect(all).toMatch(/^(100 )?(200|4\d\d)( 200| 400)?$/);
        const made = answers.find((status) => status !== '100') === '200';
        expect(landscape.billing.calls).toMatchObject(
          made ? [{ method: 'PUT', url: ACTION_URL, body: expect.stringMatching(BODY_TOLD) as string }] : [],
        );
      }),
      { numRuns: RUNS, seed: SEED },
    );
    process.stdout.write(`answered ${JSON.stringify(Object.fromEntries(seen))}, seed ${SEED}\n`);
  });
});
