import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresRecords } from './support/audit-records.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { aDatabase } from './support/postgres.js';
import { json, later, type Script } from './support/scripted-upstream.js';
import { StallingProxy } from './support/stalling-proxy.js';

const RESCHEDULE = { scheduledDate: '2021-02-14' };

describe('two replicas on one PostgreSQL', () => {
  let database: string;
  let one: Landscape;
  let other: Landscape;
  beforeAll(async () => {
    database = await aDatabase();
    one = await Landscape.start({ DATABASE_URL: database });
    other = await Landscape.start({
      DATABASE_URL: database,
      BILLING_CARE_BASE_URL: `${one.billing.url}/bcws/webresources/v1.0`,
    });
  });
  afterAll(async () => {
    await other.end();
    await one.end();
  });

  /** Makes a number of calls at once, every second one to the other replica. */
  async function together(count: number, call: (landscape: Landscape, number: number) => Promise<Response>) {
    const calls = Array.from({ length: count }, (_, number) => call(number % 2 === 0 ? one : other, number));
    return await Promise.all(
      (await Promise.all(calls)).map(async (reply) => ({
        status: reply.status,
        replayed: reply.headers.get('idempotency-replayed'),
        body: await reply.json(),
      })),
    );
  }

  it('write one gapless chain', async () => {
    one.billing.play(json(200, DOCUMENTED_REPLY));
    const before = await postgresRecords(database);
    const replies = await together(100, (landscape, number) =>
      landscape.call(actionPath(number), { body: RESCHEDULE }),
    );
    expect(replies.filter(({ status }) => status !== 200)).toEqual([]);
    const records = (await postgresRecords(database)).slice(before.length);
    expect(records.filter(({ kind }) => kind === 'intent')).toHaveLength(100);
    expect(records.filter(({ kind }) => kind === 'outcome')).toHaveLength(100);
    expect(new Set(records.map(({ replica }) => replica)).size).toBe(2);
  });

  it('send a write once that both get 50 times with one key', async () => {
    one.billing.play(slowly(100));
    const call = (landscape: Landscape): Promise<Response> =>
      landscape.call(ACTION_PATH, { body: RESCHEDULE, headers: { 'idempotency-key': 'only-once' } });
    const replies = await together(50, call);
    expect(one.billing.calls).toHaveLength(1);
    const [executed, ...more] = replies.filter(({ status, replayed }) => status === 200 && replayed === null);
    expect(more).toEqual([]);
    for (const reply of replies.filter((candidate) => candidate !== executed)) {
      expect(reply).toMatchObject(
        reply.status === 200
          ? { replayed: 'true', body: executed?.body }
          : { status: 409, body: { code: 'write-in-progress', outcome: 'pending' } },
      );
    }
    expect(await together(2, call)).toMatchObject([
      { status: 200, replayed: 'true', body: executed?.body },
      { status: 200, replayed: 'true', body: executed?.body },
    ]);
    expect(one.billing.calls).toHaveLength(1);
  });

  it('never have two of 50 writes to one resource in flight', async () => {
    let inFlight = 0;
    let most = 0;
    one.billing.play((call, response, request) => {
      most = Math.max(most, ++inFlight);
      response.once('close', () => inFlight--);
      slowly(20)(call, response, request);
    });
    const replies = await together(50, (landscape, number) =>
      landscape.call(ACTION_PATH, { body: { description: `number ${number}` } }),
    );
    expect(most).toBe(1);
    const done = replies.filter(({ status }) => status === 200);
    expect(one.billing.calls).toHaveLength(done.length);
    for (const lost of replies.filter((reply) => !done.includes(reply))) {
      expect(lost).toMatchObject({ status: 409, body: { code: 'resource-busy', outcome: 'not-applied' } });
    }
  });
});

describe('a replica that freezes', () => {
  let database: string;
  let proxy: StallingProxy;
  let healthy: Landscape;
  let frozen: Landscape;
  beforeAll(async () => {
    database = await aDatabase();
    proxy = await StallingProxy.start(database);
    healthy = await Landscape.start({ DATABASE_URL: database });
    frozen = await Landscape.start({ DATABASE_URL: proxy.url, BILLING_CARE_TIMEOUT_MS: '600' });
    await frozen.call(actionPath(0), { body: RESCHEDULE });
  });
  afterAll(async () => {
    await frozen.end();
    await healthy.end();
    await proxy.close();
  });

  it('between intent and dispatch, for longer than it may send, sends nothing when it goes on', async () => {
    frozen.billing.play(json(200, DOCUMENTED_REPLY));
    const committed = proxy.stallAfter('commit');
    const reply = frozen.call(ACTION_PATH, { body: RESCHEDULE });
    await committed;
    process.kill(frozen.gateway.pid, 'SIGSTOP');
    proxy.resume();
    await sleep(700);
    process.kill(frozen.gateway.pid, 'SIGCONT');

    const { status, headers } = await reply;
    expect(status).toBe(503);
    expect(frozen.billing.calls).toHaveLength(0);
    // Its time for the intent was over, too: the outcome follows behind the reply.
    const requestId = headers.get('x-request-id');
    const recorded = async () =>
      (await postgresRecords(database)).filter(
        (record) => record['requestId'] === requestId && record.kind !== 'refusal',
      );
    const until = Date.now() + 5_000;
    while ((await recorded()).length < 2 && Date.now() < until) await sleep(20);
    expect(await recorded()).toMatchObject([{ kind: 'intent' }, { kind: 'outcome', outcome: 'not-applied' }]);
  });

  it('while it holds the lock of the chain, holds up the others for less than 2 s', async () => {
    healthy.billing.play(json(200, DOCUMENTED_REPLY));
    // What locks the chain is sent with it, as a statement that the server knows by its name.
    const locked = proxy.stallAfter('begin');
    const held = frozen.call(actionPath(1), { body: RESCHEDULE });
    await locked;
    process.kill(frozen.gateway.pid, 'SIGSTOP');

    const begun = performance.now();
    const answers: number[] = [];
    while (answers.at(-1) !== 200 && performance.now() - begun < 5_000) {
      answers.push((await healthy.call(actionPath(2), { body: RESCHEDULE })).status);
    }
    const heldUp = performance.now() - begun;
    process.stdout.write(`held up for ${Math.round(heldUp)} ms, answers ${answers.join(' ')}\n`);
    expect(heldUp).toBeGreaterThan(500);
    expect(heldUp).toBeLessThan(2_000);

    process.kill(frozen.gateway.pid, 'SIGCONT');
    proxy.resume();
    expect((await held).status).toBe(503);
    frozen.billing.play(json(200, DOCUMENTED_REPLY));
    expect((await frozen.call(actionPath(3), { body: RESCHEDULE })).status).toBe(200);
    await postgresRecords(database);
  });
});

describe('a replica that freezes while it connects to the upstream', () => {
  it('for longer than it may send, sends nothing when it goes on', async () => {
    const upstream = await UnacceptingUpstream.start();
    const landscape = await Landscape.start({
      BILLING_CARE_BASE_URL: upstream.url,
      BILLING_CARE_TIMEOUT_MS: '1500',
      BILLING_CARE_CONNECT_TIMEOUT_MS: '60000',
    });
    try {
      const reply = landscape.call(ACTION_PATH, { body: RESCHEDULE });
      await sleep(500);
      process.kill(landscape.gateway.pid, 'SIGSTOP');
      upstream.accept();
      // The connection is made a second after the first try, by the system, not by the process.
      await sleep(2_500);
      process.kill(landscape.gateway.pid, 'SIGCONT');
      expect((await reply).status).toBe(503);
      await sleep(200);
      expect(upstream.received).toBe(0);
    } finally {
      await landscape.end();
      upstream.stop();
    }
  });
});

const slowly = (ms: number): Script => later(ms, json(200, DOCUMENTED_REPLY));

const UPSTREAM = `
  const server = require('node:http').createServer((request, response) => {
    process.stdout.write('received\\n');
    response.end('{}');
  });
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(server.address().port));`;

/** An upstream whose queue of connections is full, until it is told to accept them. */
class UnacceptingUpstream {
  received = 0;

  private constructor(
    private readonly process: ChildProcess,
    readonly url: string,
  ) {
    process.stdout?.on('data', () => this.received++);
  }

  static async start(): Promise<UnacceptingUpstream> {
    const child = spawn(process.execPath, ['-e', UPSTREAM], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [port] = (await once(child.stdout, 'data')) as [Buffer];
    const upstream = new UnacceptingUpstream(child, `http://127.0.0.1:${String(port).trim()}`);
    child.kill('SIGSTOP');
    for (let number = 0; number < 4; number++) {
      connect(Number(port), '127.0.0.1')
        .on('error', () => undefined)
        .unref();
    }
    await sleep(100);
    return upstream;
  }

  accept(): void {
    this.process.kill('SIGCONT');
  }

  stop(): void {
    this.process.kill('SIGKILL');
  }
}
