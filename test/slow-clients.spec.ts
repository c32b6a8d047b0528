import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { auditRecords } from './support/audit-records.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { readReply, requestBytes, type RawReply } from './support/raw-exchange.js';
import { json } from './support/scripted-upstream.js';

const SLOW = 500;
/** What the trail tells one by one of one source's refusals of one kind, in a minute. */
const ONE_BY_ONE = 60;

interface Cut extends RawReply {
  /** From the first byte until the gateway closed the connection, ms. */
  readonly after: number;
}

/** Sends the first bytes at once and one more of the rest each second, until it is cut off. */
async function drip(url: string, first: string, rest: string): Promise<Cut> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  let sent = 0;
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  // A byte that crosses the reply on its way may be answered with a reset; what counts is what was read.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const begun = performance.now();
  socket.write(first);
  const timer = setInterval(() => socket.write(rest.charAt(sent++ % rest.length)), 1_000);
  await once(socket, 'close');
  clearInterval(timer);
  return { ...readReply(received), after: performance.now() - begun };
}

const many = (one: () => Promise<Cut>): Promise<Cut[]> => Promise.all(Array.from({ length: SLOW }, one));

describe(`${SLOW} clients that are slow with their headers and ${SLOW} that are slow with their body`, () => {
  let landscape: Landscape;
  let slowHeaders: Cut[];
  let slowBodies: Cut[];
  const writes: number[] = [];

  beforeAll(async () => {
    landscape = await Landscape.start();
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const { url } = landscape.gateway;
    const authorization = `Bearer ${await landscape.issuer.token()}`;
    const head = requestBytes({
      path: ACTION_PATH,
      headers: { authorization, 'content-type': 'application/json', 'content-length': '1000' },
    }).toString();

    const over = new AbortController();
    const traffic = (async () => {
      for (let number = 1; !over.signal.aborted; number++) {
        writes.push(await write(number));
        await delay(40);
      }
    })();
    [slowHeaders, slowBodies] = await Promise.all([
      many(() => drip(url, `PUT ${ACTION_PATH} HTTP/1.1\r\nhost: gateway\r\n`, 'a: b\r\n')),
      many(() => drip(url, head, ' ')),
    ]);
    over.abort();
    await traffic;
  });
  afterAll(() => landscape.end());

  /** The status of a write on a connection that is not slow; 0 if it got no reply. */
  async function write(number: number): Promise<number> {
    try {
      const reply = await landscape.call(actionPath(number), { body: { scheduledDate: '2021-02-14' } });
      await reply.arrayBuffer();
      return reply.status;
    } catch {
      return 0;
    }
  }

  it.each([
    ['headers', 5_000, 7_000, () => slowHeaders],
    ['bodies', 10_000, 12_000, () => slowBodies],
  ])('cuts slow %s after %d to %d ms, with a reply', (what, least, most, cuts) => {
    const times = cuts().map(({ after }) => after);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    process.stdout.write(`${SLOW} slow ${what}: cut after ${first.toFixed()} to ${last.toFixed()} ms\n`);
    expect(first).toBeGreaterThan(least - 100);
    expect(last).toBeLessThan(most);
    for (const { status, headers, body } of cuts()) {
      expect([status, headers['connection']]).toEqual([408, 'close']);
      expect(JSON.parse(body)).toMatchObject({ code: 'request-timeout', outcome: 'not-applied' });
    }
  });

  it('keeps no other client waiting', () => {
    const failed = writes.filter((status) => status !== 200);
    process.stdout.write(`meanwhile ${writes.length - failed.length} writes made, ${failed.length} failed\n`);
    expect(failed).toEqual([]);
    expect(writes.length).toBeGreaterThan(100);
    expect(landscape.billing.calls).toHaveLength(writes.length);
  });

  it('leaves few records, and a count of all', async () => {
    expect(await landscape.gateway.stop()).toBe(0);
    const records = auditRecords(landscape.gateway.dataDir);
    const refusals = records.filter(({ kind }) => kind === 'refusal');
    const by = (subject: string | undefined): number =>
      refusals.filter(({ principal }) => (principal as { subject: string } | null)?.subject === subject)
        .length;
    expect([by(undefined), by('clerk')]).toEqual([ONE_BY_ONE, ONE_BY_ONE]);
    const counted = { kind: 'overflow', what: 'request-timeout', count: SLOW - ONE_BY_ONE };
    expect(records.filter(({ kind }) => kind === 'overflow')).toMatchObject([counted, counted]);
  });
});
