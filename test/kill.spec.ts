import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditRows,
  chainFaults,
  parsed,
  postgresRows,
  type Row,
  type StoredRecord,
} from './support/audit-records.js';
import { Gateway } from './support/gateway.js';
import { PostgresServer } from './support/postgres.js';
import { DOCUMENTED_REPLY, actionPath } from './support/landscape.js';
import { ScriptedUpstream, json, raw, type ReceivedCall, type Script } from './support/scripted-upstream.js';
import { AUDIENCE, TokenIssuer } from './support/token-issuer.js';

/** `SUREHAND_CHAOS=all` kills more often. */
const ALL = process.env['SUREHAND_CHAOS'] === 'all';
const CLIENTS = 16;
/** A kill comes this long at most after a first write of the load was answered, milliseconds. */
const LATEST = 350;

/** 14 February 2021 at midnight, as billing lists it. */
const SENT_DATE = Date.UTC(2021, 1, 14);

/** The three writes to an action, in turn: how each is made, what it leaves behind, and what that proves later. */
const KINDS = [
  {
    method: 'PUT',
    body: (resource: number) => ({ scheduledDate: '2021-02-14', description: String(resource) }),
    answer: json(200, DOCUMENTED_REPLY),
    before: { actionStatus: 0, scheduledDate: 0 },
    after: { actionStatus: 0, scheduledDate: SENT_DATE },
    verdicts: { ran: 'applied', didNotRun: 'unknown' },
  },
  {
    method: 'POST',
    body: () => undefined,
    answer: json(201, { ...DOCUMENTED_REPLY, actionStatus: 1 }),
    before: { actionStatus: 0 },
    after: { actionStatus: 1 },
    verdicts: { ran: 'applied', didNotRun: 'not-applied' },
  },
  {
    method: 'DELETE',
    body: () => undefined,
    answer: raw(204, ''),
    before: { actionStatus: 0 },
    after: undefined,
    // That it is gone proves nothing by an account that only the client named.
    verdicts: { ran: 'unknown', didNotRun: 'not-applied' },
  },
] as const;

function kindOf(resource: number): (typeof KINDS)[number] {
  return KINDS[(resource % 3) as 0 | 1 | 2];
}

/** A write as its client knows it. The resource is its own, and names it at the upstream. */
interface Attempt {
  readonly resource: number;
  readonly key: string;
  readonly status: number | 'cut off';
  readonly operationId: string | null;
}

/** An interrupted write, and what its repetition after the restart was answered. */
interface Repetition {
  readonly interrupted: Attempt;
  readonly status: number;
  readonly code: string;
  readonly replayed: boolean;
  readonly ranBefore: number;
  readonly ranAfter: number;
}

/** On PostgreSQL the database is killed as well, each time. */
const STORES = [
  { store: 'SQLite', kills: ALL ? 100 : 8 },
  { store: 'PostgreSQL', kills: ALL ? 25 : 3 },
] as const;

describe.each(STORES)('a gateway on $store that is killed $kills times under load', ({ store, kills }) => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-kill-'));
  const attempts: Attempt[] = [];
  const repetitions: Repetition[] = [];
  let upstream: ScriptedUpstream;
  let issuer: TokenIssuer;
  let token: string;
  let resources = 0;
  let decidedWithinMs = 0;
  let server: PostgresServer | undefined;
  let databaseUrl = '';
  /** The trail at the end. */
  let rows: Row[] = [];
  let trail: StoredRecord[] = [];
  const readRows = async (): Promise<Row[]> =>
    server ? await postgresRows(databaseUrl) : auditRows(dataDir);

  /** How often each resource was written, as the upstream saw it. */
  const executions = new Map<number, number>();
  const ran = (resource: number): number => executions.get(resource) ?? 0;

  function start(settings: Record<string, string> = {}): Promise<Gateway> {
    return Gateway.start({
      HANDOFF_CIRCUIT_BREAKER: 'off',
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
      DATA_DIR: dataDir,
      HANDOFF_BASE_URL: upstream.url,
      BILLING_CARE_BASE_URL: `${upstream.url}/bcws/webresources/v1.0`,
      AUTH_ISSUER: issuer.url,
      AUTH_AUDIENCE: AUDIENCE,
      BILLING_CARE_TIMEOUT_MS: '1000',
      LOG_LEVEL: 'error',
      ...(server && { DATABASE_URL: databaseUrl }),
      ...settings,
    });
  }

  function write(gateway: Gateway, resource: number, key: string): Promise<Response> {
    const { method, body } = kindOf(resource);
    const sent = body(resource);
    return fetch(gateway.url + actionPath(resource), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(sent && { 'content-type': 'application/json' }),
        'idempotency-key': `"${key}"`,
        'account-id': `0.0.0.1+-account+${resource}`,
      },
      ...(sent && { body: JSON.stringify(sent) }),
    });
  }

  /** Writes one new resource after the other until the gateway is gone. */
  async function client(gateway: Gateway): Promise<Attempt> {
    for (;;) {
      const resource = ++resources;
      const key = randomUUID();
      try {
        const reply = await write(gateway, resource, key);
        const operationId = reply.headers.get('operation-id');
        await reply.arrayBuffer();
        attempts.push({ resource, key, status: reply.status, operationId });
      } catch {
        const attempt: Attempt = { resource, key, status: 'cut off', operationId: null };
        attempts.push(attempt);
        return attempt;
      }
    }
  }

  /** Waits until a write beyond so many attempts was done, at the longest 10 s. */
  async function answered(before: number): Promise<void> {
    const until = Date.now() + 10_000;
    while (!attempts.slice(before).some(isDone) && Date.now() < until) await sleep(1);
  }

  async function repeat(gateway: Gateway, interrupted: Attempt): Promise<Repetition> {
    const ranBefore = ran(interrupted.resource);
    const reply = await write(gateway, interrupted.resource, interrupted.key);
    const text = await reply.text();
    const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
    return {
      interrupted,
      status: reply.status,
      code: String(body['code']),
      replayed: reply.headers.get('idempotency-replayed') === 'true',
      ranBefore,
      ranAfter: ran(interrupted.resource),
    };
  }

  beforeAll(async () => {
    [upstream, issuer] = await Promise.all([ScriptedUpstream.start(), TokenIssuer.start()]);
    if (store === 'PostgreSQL') {
      server = await PostgresServer.start();
      databaseUrl = await server.createDatabase();
    }
    token = await issuer.token({ exp: Math.floor(Date.now() / 1_000) + 3_600 });
    const execute = slowly((call) => {
      const resource = resourceOf(call);
      executions.set(resource, ran(resource) + 1);
      return kindOf(resource).answer;
    });
    // Each account has one action, and lists what it is really like.
    const list: Script = (call, response, request) => {
      const resource = resourceOf(call);
      const { before, after } = kindOf(resource);
      const state = ran(resource) > 0 ? after : before;
      const actionId = { id: `0.0.0.1+-schedule+${resource}`, uri: null };
      json(200, state === undefined ? [] : [{ actionId, description: String(resource), ...state }])(
        call,
        response,
        request,
      );
    };
    upstream.play((call, response, request) => {
      (call.method === 'GET' ? list : execute)(call, response, request);
    });
    let gateway = await start();
    for (let kill = 0; kill < kills; kill++) {
      const clients = Array.from({ length: CLIENTS }, () => client(gateway));
      await answered(attempts.length);
      await sleep(Math.random() * LATEST);
      await Promise.all([gateway.stop('SIGKILL'), server?.stop('kill')]);
      await server?.restart();
      const interrupted = await Promise.all(clients);
      gateway = await start();
      repetitions.push(...(await Promise.all(interrupted.map((attempt) => repeat(gateway, attempt)))));
    }
    await Promise.all([gateway.stop('SIGKILL'), server?.stop('kill')]);
    await server?.restart();
    gateway = await start({ SETTLE_WINDOW_MS: '500' });
    decidedWithinMs = await decided(readRows);
    await gateway.stop();
    rows = await readRows();
    trail = parsed(rows);
    process.stdout.write(totals());
  }, 3_600_000);

  afterAll(async () => {
    await Promise.all([upstream.close(), issuer.close(), server?.discard()]);
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('had something in flight when it was killed', () => {
    expect(repetitions.filter(({ ranBefore }) => ranBefore > 0).length).toBeGreaterThan(0);
    expect(attempts.filter(isDone).length).toBeGreaterThan(kills);
  });

  it('has an intent for everything that the upstream saw', () => {
    const intents = intentsOf();
    expect([...executions].filter(([resource, times]) => (intents.get(resource) ?? 0) < times)).toEqual([]);
  });

  it('has the outcome of every write that a client was told of', () => {
    const applied = new Set(
      trail.flatMap((record) =>
        record.kind === 'outcome' && record['outcome'] === 'applied' ? [record['operationId']] : [],
      ),
    );
    const told = attempts.filter(isDone);
    expect(told.filter(({ operationId }) => !applied.has(operationId))).toEqual([]);
  });

  it('sends nothing twice, even when clients repeat their keys', () => {
    expect([...executions].filter(([, times]) => times > 1)).toEqual([]);
  });

  it('answers a repeated key with what it knows, and runs it only if nothing of it was committed', () => {
    const intents = intentsOf();
    const wrong = repetitions.filter(
      ({ interrupted, status, code, replayed, ranBefore, ranAfter }) =>
        !(
          (status === 409 && code === 'write-in-progress' && ranAfter === ranBefore) ||
          (isDone({ status }) && replayed && ranBefore === 1 && ranAfter === 1) ||
          (isDone({ status }) && !replayed && ranAfter === 1 && intents.get(interrupted.resource) === 1)
        ),
    );
    expect(wrong).toEqual([]);
  });

  it('gives every write a verdict or puts it before a person within 60 s of the restart', () => {
    expect(decidedWithinMs).toBeLessThan(60_000);
  });

  it('gives no verdict that differs from what the upstream did', () => {
    const verdicts = trail.filter(({ kind }) => kind === 'reconciliation');
    const wrong = verdicts.filter(({ resource, outcome }) => {
      const number = numberIn(resource);
      const { verdicts: possible } = kindOf(number);
      return outcome !== (ran(number) > 0 ? possible.ran : possible.didNotRun);
    });
    expect(wrong).toEqual([]);
    expect(verdicts.filter(({ outcome }) => outcome === 'applied').length).toBeGreaterThan(0);
  });

  it('keeps one gapless chain through all of it', () => {
    expect(chainFaults(rows)).toEqual([]);
    expect(rows.length).toBeGreaterThan(2 * kills);
  });

  /** How many intents there are for each resource. A repetition that is a first execution has the only one. */
  function intentsOf(): ReadonlyMap<number, number> {
    const counts = new Map<number, number>();
    for (const { kind, resource } of trail) {
      const number = numberIn(resource);
      if (kind === 'intent') counts.set(number, (counts.get(number) ?? 0) + 1);
    }
    return counts;
  }

  function totals(): string {
    const answered = attempts.filter(isDone).length;
    const how = Object.groupBy(repetitions, ({ status, code, replayed, ranBefore }) => {
      if (status === 409) return ranBefore > 0 ? `${code}, had run` : `${code}, had not run`;
      return replayed ? 'replayed' : 'first execution';
    });
    return (
      `${kills} kills on ${store}: ${attempts.length} writes, ${answered} answered 2xx, ${repetitions.length} cut off, ` +
      `${executions.size} executed, ${[...executions.values()].filter((times) => times > 1).length} twice; ` +
      `undecided ones decided within ${Math.round(decidedWithinMs)} ms; ` +
      `repeated: ${JSON.stringify(Object.fromEntries(Object.entries(how).map(([k, v]) => [k, v?.length])))}\n`
    );
  }
});

/** Waits until every intent has an outcome, a verdict or an open item; returns how long that took, ms. */
async function decided(readRows: () => Promise<Row[]>): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const records = parsed(await readRows());
    const ended = new Set(
      records.flatMap((record) => (record.kind === 'intent' ? [] : [record['operationId']])),
    );
    const open = records.filter((record) => record.kind === 'intent' && !ended.has(record['operationId']));
    const waited = performance.now() - begun;
    if (open.length === 0 || waited > 60_000) return waited;
    await sleep(250);
  }
}

/** Executes at once, and takes up to 20 ms to say so. */
function slowly(execute: (call: ReceivedCall) => Script): Script {
  return (call, response, request) => {
    const answer = execute(call);
    setTimeout(() => {
      if (!response.destroyed) answer(call, response, request);
    }, Math.random() * 20);
  };
}

function isDone({ status }: { readonly status: number | 'cut off' }): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}

function resourceOf({ url }: ReceivedCall): number {
  return numberIn(decodeURIComponent(url));
}

function numberIn(id: unknown): number {
  return Number(String(id).split('+').at(-1));
}
