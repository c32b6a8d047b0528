import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { fillTrail } from './support/filled-trail.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

/** Writes in the trail, two records each. `npm run test:large` makes them half a million. */
const WRITES = Number(process.env['LARGE_TRAIL_WRITES'] ?? 50_000);
const RECORDS = 2 * WRITES;
/** What V8 lets garbage grow to before it collects; a million records are over 300 MB as text. */
const MOST_GROWTH_KIB = 128 * 1_024;

describe(`a trail of ${RECORDS} records`, () => {
  let landscape: Landscape;
  let token: string;
  beforeAll(async () => {
    const first = await Landscape.start();
    const { dataDir } = first.gateway;
    await first.gateway.stop();
    fillTrail(dataDir, WRITES);
    landscape = await Landscape.start({ DATA_DIR: dataDir });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    await first.issuer.close();
    await Promise.all([first.billing.close(), first.lending.close()]);
    token = await landscape.issuer.token({ sub: 'operator', scope: 'writes:read audit:read' });
  }, 120_000);
  afterAll(() => landscape.end());

  function ask(path: string): Promise<Response> {
    return landscape.call(path, { method: 'GET', token });
  }

  /** The median of some tries, ms. */
  async function took(path: string): Promise<number> {
    const times: number[] = [];
    for (let tries = 0; tries < 9; tries++) {
      const begun = performance.now();
      expect((await (await ask(path)).json()) as object).toMatchObject({ items: { length: 50 } });
      times.push(performance.now() - begun);
    }
    return times.sort((a, b) => a - b)[4] ?? 0;
  }

  const cursor = (seq: number): string => Buffer.from(`seq:${seq}`).toString('base64url');

  it.each([
    ['/writes', 120],
    ['/writes?outcome=applied', 120],
    ['/writes?open=false', 120],
    ['/writes?from=2020-01-01T00:00:00Z', 120],
    ['/writes?until=2099-01-01T00:00:00Z', 120],
    ['/writes?principal=user-7', 12_000],
  ])('shows the last page of %s as fast as the first', async (path, seq) => {
    const separator = path.includes('?') ? '&' : '?';
    await took(path);
    const first = await took(path);
    const last = await took(`${path}${separator}cursor=${cursor(seq)}`);
    expect(last).toBeLessThan(2 * first + 10);
    expect(first).toBeLessThan(100);
  });

  it('is exported whole, in little memory, while writes go on', async () => {
    const status = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${landscape.gateway.pid}/status`, 'utf8'))?.[1]);
    await (await ask('/audit/export?after=' + String(RECORDS - 20_000))).arrayBuffer();
    const before = status();
    let most = before;
    let bytes = 0;
    let lines = 0;
    const statuses = new Set<number>();
    const writes: number[] = [];
    const exported = new AbortController();
    const writer = (async () => {
      for (let number = 1; !exported.signal.aborted; number++) {
        const begun = performance.now();
        const reply = await landscape.call(actionPath(number), { body: { scheduledDate: '2021-02-14' } });
        await reply.arrayBuffer();
        statuses.add(reply.status);
        writes.push(performance.now() - begun);
      }
    })();
    const { body } = await ask('/audit/export?until=2025-01-01T00:00:00Z');
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
      most = Math.max(most, status());
      // Else the writes would wait for this loop, not for the gateway.
      await new Promise((resolve) => setImmediate(resolve));
    }
    exported.abort();
    await writer;
    const [median = 0, longest = 0] = [writes.sort((a, b) => a - b)[writes.length >> 1], writes.at(-1)];
    process.stdout.write(
      `exported ${lines} records, ${bytes} bytes; memory grew by ${most - before} KiB; ${writes.length} writes ` +
        `meanwhile took ${median.toFixed(0)} ms in the median, ${longest.toFixed(0)} ms at most\n`,
    );
    expect(lines).toBe(RECORDS);
    expect(bytes).toBeGreaterThan(300 * RECORDS);
    expect([...statuses]).toEqual([200]);
    expect(most - before).toBeLessThan(MOST_GROWTH_KIB);
  }, 120_000);

  it('stops reading for a client that went away', async () => {
    const request = get(`${landscape.gateway.url}/audit/export`, {
      headers: { authorization: `Bearer ${token}` },
    });
    await once(request, 'response');
    request.destroy();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await landscape.gateway.stop()).toBe(0);
    // Had it gone on, the stop would have broken it off, and said so.
    expect(landscape.gateway.log.join('\n')).not.toContain('the gateway stops');
  });
});
