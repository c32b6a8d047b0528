import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { SigningKeys } from '../src/audit-verify/checkpoint.js';
import { verify } from '../src/audit-verify/verify.js';
import { openPostgresTrail } from '../src/audit-verify/postgres-trail.js';
import { Gateway } from './support/gateway.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { Nginx, describeBehindNginx } from './support/nginx.js';
import { aDatabase, query } from './support/postgres.js';
import { ProbingBalancer } from './support/probing-balancer.js';
import { ScriptedUpstream, hang, json, reset } from './support/scripted-upstream.js';

const SOAK = process.env['SUREHAND_SOAK'] !== undefined;
const ROUNDS = SOAK ? 10 : 1;
const CLIENTS = SOAK ? 40 : 10;
/** Of one client: together they make about 300 requests a second, or 50 beside other tests. */
const EVERY_MS = SOAK ? 133 : 200;
const RESCHEDULE = JSON.stringify({ scheduledDate: '2021-02-14' });
/** nginx's own default. */
const byDefault = (configuration: string): string => configuration.replaceAll('proxy_next_upstream off;', '');

interface Sent {
  readonly resource: number;
  readonly status: number | string;
}

/** Writes one new resource after the other on one kept-alive connection at a time, and never tries again. */
class Clients {
  readonly sent: Sent[] = [];
  private stopped = false;
  private resources = 0;
  private readonly running: Promise<void>[];

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {
    this.running = Array.from({ length: CLIENTS }, () => this.run());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.running);
  }

  private async run(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await pause(Math.random() * EVERY_MS);
    while (!this.stopped) {
      const next = pause(EVERY_MS);
      const resource = ++this.resources;
      this.sent.push({ resource, status: await put(this.url + actionPath(resource), this.token, agent) });
      await next;
    }
    agent.destroy();
  }
}

function put(url: string, token: string, agent?: Agent): Promise<number | string> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    request(url, { method: 'PUT', headers, ...(agent !== undefined && { agent }) }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (some: string) => (text += some));
      reply.once('end', () => {
        const code = /"code":"([\w-]+)"/.exec(text)?.[1];
        resolve(code === undefined ? (reply.statusCode ?? 0) : `${reply.statusCode} ${code}`);
      });
      reply.once('error', (error) => {
        resolve(error.message);
      });
    })
      .once('error', (error) => {
        resolve(error.message);
      })
      .end(RESCHEDULE);
  });
}

/** Two gateways on one database, before the same upstreams. */
class Replicas {
  readonly exits: { readonly code: number | null; readonly ms: number }[] = [];

  private constructor(
    readonly landscape: Landscape,
    readonly database: string,
    private readonly settings: Record<string, string>,
    readonly gateways: Gateway[],
  ) {}

  static async start(own: Record<string, string> = {}): Promise<Replicas> {
    const database = await aDatabase();
    const landscape = await Landscape.start({ DATABASE_URL: database, LOG_LEVEL: 'warn', ...own });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    const settings = {
      HANDOFF_BASE_URL: landscape.lending.url,
      BILLING_CARE_BASE_URL: `${landscape.billing.url}/bcws/webresources/v1.0`,
      AUTH_ISSUER: landscape.issuer.url,
      AUTH_AUDIENCE: 'surehand',
      DATABASE_URL: database,
      LOG_LEVEL: 'warn',
      // All clients at once: what is refused for want of a place is no matter of this test.
      BILLING_CARE_MAX_IN_FLIGHT: String(CLIENTS),
      ...own,
    };
    const replicas = new Replicas(landscape, database, settings, [landscape.gateway]);
    replicas.gateways.push(await Gateway.start(settings));
    return replicas;
  }

  get urls(): [string, string] {
    const [one, other] = this.gateways.map(({ url }) => url);
    if (one === undefined || other === undefined) throw new Error('there are no two replicas');
    return [one, other];
  }

  /** Stops one of them, and starts another one in its place, at its address. */
  async replace(index: number): Promise<void> {
    const old = this.gateways[index];
    if (old === undefined) throw new Error('there is no such replica');
    const begun = performance.now();
    const code = await old.stop();
    this.exits.push({ code, ms: Math.round(performance.now() - begun) });
    const fresh = await Gateway.start({ ...this.settings, PORT: new URL(old.url).port });
    this.gateways[index] = fresh;
    await fresh.untilReady();
  }

  async end(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.discard()));
    await this.landscape.end();
  }
}

/** Replaces every replica in turn, while clients write, and holds what happened against what is promised. */
async function rolled(
  how: string,
  replicas: Replicas,
  url: string,
  replace: (index: number) => Promise<void>,
): Promise<void> {
  const token = await replicas.landscape.issuer.token({ exp: Math.floor(Date.now() / 1_000) + 3_600 });
  const clients = new Clients(url, token);
  const begun = performance.now();
  await pause(500);
  for (let round = 0; round < ROUNDS; round++) for (const index of [0, 1]) await replace(index);
  await pause(500);
  await clients.stop();
  const seconds = (performance.now() - begun) / 1_000;

  const { sent } = clients;
  const failed = sent.filter(({ status }) => status !== 200);
  const executed = Map.groupBy(replicas.landscape.billing.calls, ({ url: path }) => path);
  const twice = [...executed.values()].filter(({ length }) => length > 1);
  const { exits } = replicas;
  process.stdout.write(
    `${how}: ${exits.length} replacements, ${sent.length} writes (${Math.round(sent.length / seconds)}/s), ` +
      `${failed.length} failed, ${twice.length} twice, exits after ${exits.map(({ ms }) => ms).join(' ')} ms\n`,
  );
  expect(failed).toEqual([]);
  expect(twice).toEqual([]);
  expect(executed.size).toBe(sent.length);
  expect(exits.filter(({ code, ms }) => code !== 0 || ms > 25_000)).toEqual([]);
  const outcomes = "select count(*)::int as applied from writes where outcome = 'applied'";
  expect(await query(replicas.database, outcomes)).toEqual([{ applied: sent.length }]);
  await expectWhole(replicas.database);
}

async function expectWhole(database: string): Promise<void> {
  const trail = await openPostgresTrail(database);
  try {
    expect((await verify(trail, { keys: SigningKeys.read([]), exported: [] })).finding).toBeNull();
  } finally {
    await trail.close();
  }
}

describe('replacing one replica after the other fails no request', () => {
  it('behind a balancer that probes them', async () => {
    const replicas = await Replicas.start({ DRAIN_SECONDS: '2' });
    const balancer = await ProbingBalancer.start(replicas.urls);
    await rolled('probed', replicas, balancer.url, async (index) => {
      await replicas.replace(index);
      await pause(500);
    });
    await balancer.stop();
    await replicas.end();
  }, 600_000);
});

describeBehindNginx('two replicas', () => {
  it('are replaced one after the other, each taken out before, and no request fails', async () => {
    const replicas = await Replicas.start({ DRAIN_SECONDS: '1' });
    const nginx = await Nginx.start(replicas.urls);
    await rolled('nginx', replicas, nginx.url, async (index) => {
      nginx.takeOut(index);
      await replicas.replace(index);
      nginx.putBack(index);
      await pause(500);
    });
    await nginx.stop();
    await replicas.end();
  }, 600_000);

  it.each([
    ['once as it is configured here', undefined, 502, 1],
    ['twice by default, a PUT being idempotent to it', byDefault, 200, 2],
  ])('get a write whose replica dies %s', async (_, change, status, times) => {
    const [dying, other] = await Promise.all([ScriptedUpstream.start(), ScriptedUpstream.start()]);
    dying.play(reset);
    const nginx = await Nginx.start([dying.url, other.url], change);
    expect(await put(`${nginx.url}/`, 'any')).toBe(status);
    expect(dying.calls.length + other.calls.length).toBe(times);
    await nginx.stop();
    await Promise.all([dying.close(), other.close()]);
  });

  it.each([
    ['not passed on as it is configured here', undefined, 502],
    [
      'refused by the other replica if it is passed on: the resource is claimed',
      byDefault,
      '409 resource-busy',
    ],
  ])('executes a write once whose replica is killed: %s', async (_, change, status) => {
    const replicas = await Replicas.start();
    const { billing, issuer } = replicas.landscape;
    billing.play(hang);
    const nginx = await Nginx.start(replicas.urls, change);
    const answered = put(nginx.url + actionPath(1), await issuer.token());
    while (billing.calls.length === 0) await pause(5);
    // The first one in the list is asked first.
    await replicas.gateways[0]?.stop('SIGKILL');
    expect(await answered).toBe(status);
    expect(billing.calls).toHaveLength(1);
    await nginx.stop();
    await replicas.end();
  });
});
