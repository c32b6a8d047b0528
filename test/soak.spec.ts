import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './support/gateway.js';
import { Inspector } from './support/inspector.js';
import { DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { aWriteAfterTheOther, openLoop } from './support/open-loop.js';
import { json } from './support/scripted-upstream.js';

/** `SUREHAND_SOAK` makes it so many minutes of 300 writes a second, instead of some seconds. */
const SOAK = process.env['SUREHAND_SOAK'] !== undefined;
const RATE = SOAK ? 300 : 150;
const SECONDS = SOAK ? 60 : 2;
const ROUNDS = SOAK ? Number(process.env['SUREHAND_SOAK']) : 2;
/** Caches and compiled code are still growing. */
const WARM_UP = SOAK ? 2 : 1;
const MOST_GROWTH_BYTES = 1_000_000;
const SOAK_MINUTES_OF_GROWTH = 10;

interface Round {
  readonly heapBytes: number;
  readonly resources: number;
  readonly files: number;
  readonly p99: number;
}

/** Least squares: how much a value grows from one round to the next. */
function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const over = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  const under = values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return over / under;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe(`${ROUNDS} rounds of ${RATE * SECONDS} writes`, () => {
  it('leave no memory, no socket, no timer and no file behind, and the last are as fast as the first', async () => {
    const port = await freePort();
    const landscape = await Landscape.start({
      LOG_LEVEL: 'error',
      // So that connections which nobody needs are gone before anything is counted.
      BILLING_CARE_IDLE_TIMEOUT_MS: '1000',
      NODE_OPTIONS: `--inspect=127.0.0.1:${port}`,
    });
    const inspector = await Inspector.attach(port);
    const request = aWriteAfterTheOther(
      await landscape.issuer.token({ exp: Math.floor(Date.now() / 1_000) + 7_200 }),
    );
    const rounds: Round[] = [];
    for (let round = 0; round < WARM_UP + ROUNDS; round++) {
      landscape.billing.play(json(200, DOCUMENTED_REPLY));
      const served = await openLoop(landscape.gateway.url, RATE, SECONDS, request);
      // A pause of the machine may fill the places in flight for a moment.
      expect(served.statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
      expect(served.count(503)).toBeLessThan(served.count(200) / (SOAK ? 100 : 5));
      await sleep(1_500);
      const held = await inspector.held();
      const files = readdirSync(`/proc/${landscape.gateway.pid}/fd`).length;
      rounds.push({ ...held, files, p99: served.percentile(200, 99) });
      console.log(
        `${round + 1}: ${served.told(200)}; ${(held.heapBytes / 1e6).toFixed(2)} MB, ` +
          `${held.resources} resources, ${files} files`,
      );
    }
    inspector.close();
    await landscape.end();

    const counted = rounds.slice(WARM_UP);
    const grows = slope(counted.map(({ heapBytes }) => heapBytes)) * (SOAK ? SOAK_MINUTES_OF_GROWTH : ROUNDS);
    const [early, late] = [counted.slice(0, 5), counted.slice(-5)].map((some) =>
      mean(some.map(({ p99 }) => p99)),
    );
    console.log(
      `heap: ${(grows / 1e6).toFixed(2)} MB in ${SOAK ? '10 minutes' : 'all'}; ` +
        `p99 ${early?.toFixed(1)} ms at first, ${late?.toFixed(1)} ms at last`,
    );
    expect(grows).toBeLessThan(MOST_GROWTH_BYTES);
    for (const what of ['resources', 'files'] as const) {
      const values = counted.map((round) => round[what]);
      expect(Math.max(...values) - Math.min(...values)).toBeLessThanOrEqual(10);
    }
    if (SOAK) expect(late).toBeLessThan((early ?? 0) * 1.2);
  });
});
