import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import {
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  actionPath,
  aHandoffUpdate,
} from './support/landscape.js';
import { json, reset } from './support/scripted-upstream.js';

/** As many calls as a circuit looks at before it opens. */
const FEWEST_CALLS = 20;

let landscape: Landscape;
let number = 0;

beforeAll(async () => {
  landscape = await Landscape.start();
  await landscape.gateway.untilReady();
});
afterAll(() => landscape.end());

const modify = (): Promise<Response> =>
  landscape.call(actionPath(++number), { body: { scheduledDate: '2021-02-14' } });

/** The store's own file. Who begins a transaction on it locks the gateway out, until it is closed. */
const database = (): SQLite.Database => new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));

interface Told {
  readonly code: number;
  readonly status: string;
  readonly checks: Readonly<Record<string, unknown>>;
}

async function ready(): Promise<Told> {
  const reply = await fetch(`${landscape.gateway.url}/health/ready`);
  return { code: reply.status, ...((await reply.json()) as Omit<Told, 'code'>) };
}

/** What is told once these checks are told; what is told after 5 s otherwise. */
async function onceChecksAre(wanted: Told['checks']): Promise<Told> {
  const end = Date.now() + 5_000;
  for (;;) {
    const told = await ready();
    const asWanted = Object.entries(wanted).every(([name, state]) => told.checks[name] === state);
    if (asWanted || Date.now() > end) return told;
    await sleep(50);
  }
}

/** A replica that is to be given requests whatever these checks say. */
const readyWith = (checks: object): unknown => ({
  code: 200,
  status: 'ready',
  checks: { auditStore: 'ok', spool: 'ok', identityKeys: 'ok', ...checks },
});

// Each row goes on from where the one before it left the upstreams.
describe('a probe is told of each upstream what calls have told, and the replica stays ready', () => {
  it.each<[string, () => Promise<unknown>, object]>([
    ['nothing before there was a call', () => Promise.resolve(), { lending: 'idle', billing: 'idle' }],
    [
      'that it answers, also if it says no',
      () => {
        landscape.lending.play(json(404, UPDATED_HANDOFF));
        return landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
      },
      { lending: 'ok', billing: 'idle' },
    ],
    [
      'that it fails',
      () => {
        landscape.billing.play(reset);
        return modify();
      },
      { lending: 'ok', billing: 'failing' },
    ],
    [
      'that most calls go well again',
      async () => {
        landscape.billing.play(json(200, DOCUMENTED_REPLY));
        await modify();
        await modify();
      },
      { lending: 'ok', billing: 'ok' },
    ],
    [
      'that calls of it are refused',
      () => {
        landscape.billing.play(reset);
        return Promise.all(Array.from({ length: FEWEST_CALLS }, modify));
      },
      { lending: 'ok', billing: 'circuit-open' },
    ],
  ])('%s', async (_told, act, upstreams) => {
    await act();
    expect(await ready()).toEqual(readyWith({ upstreams }));
  });

  it('and asks none of them', async () => {
    landscape.lending.play(reset);
    landscape.billing.play(reset);
    for (let probe = 0; probe < 50; probe++) await ready();
    expect([landscape.lending.calls, landscape.billing.calls]).toEqual([[], []]);
  });
});

describe('a probe is told of the trail, and the replica stays ready', () => {
  it('that its store takes nothing, and that an outcome waits on the disk, until it does', async () => {
    const upstreams = expect.anything() as unknown;
    const lock = database();
    try {
      landscape.lending.play((...call) => {
        lock.exec('begin immediate');
        json(200, UPDATED_HANDOFF)(...call);
      });
      expect((await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() })).status).toBe(200);
      const away = { auditStore: 'degraded', spool: 'waiting' };
      expect(await onceChecksAre(away)).toEqual(readyWith({ upstreams, ...away }));
    } finally {
      lock.close();
    }
    const back = { auditStore: 'ok', spool: 'ok' };
    expect(await onceChecksAre(back)).toEqual(readyWith({ upstreams, ...back }));
  });
});

describe('a probe', () => {
  it('is answered as JSON that nobody keeps, whatever it accepts, also to HEAD', async () => {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await fetch(`${landscape.gateway.url}/health/ready`, {
        method,
        headers: { accept: 'application/xml' },
      });
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        200,
        'application/json; charset=utf-8',
        'no-store',
      ]);
    }
  });

  it('is answered at once while the store hangs', async () => {
    const lock = database();
    try {
      lock.exec('begin immediate');
      // Beyond the second within which it is not asked again.
      await sleep(1_100);
      const begun = performance.now();
      for (let probe = 0; probe < 20; probe++) expect((await ready()).code).toBe(200);
      expect((performance.now() - begun) / 20).toBeLessThan(50);
    } finally {
      lock.close();
    }
  });
});
