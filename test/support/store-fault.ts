import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredRecord } from './audit-records.js';
import { DOCUMENTED_REPLY, actionPath, type Landscape } from './landscape.js';
import { json } from './scripted-upstream.js';

/** Each makes one write after the other. */
const CLIENTS = 16;
/** What the store has for a write, and what a busy machine may add, milliseconds. */
const ANSWERED_WITHIN = 1_150 + 350;
export const BACK_WITHIN = 5_000;
/** What had its intent before the fault may still arrive at the upstream for so long. */
const ON_ITS_WAY = 300;
/** Something that befalls the store of the trail. */
export interface StoreFault {
  readonly name: string;
  /** Milliseconds; 0 if it is over once it has begun. */
  readonly lasts: number;
  /** Resolves once the store is gone. */
  readonly begin: () => Promise<void> | void;
  /** Resolves once it is back. */
  readonly end: () => Promise<void> | void;
}

/** A write as its client knows it. The resource is its own, and names it in the trail and at the upstream. */
export interface Attempt {
  readonly resource: number;
  readonly begunAt: number;
  readonly tookMs: number;
  readonly status: number;
  readonly operationId: string | null;
  readonly problem: Readonly<Record<string, unknown>> | null;
}

let resources = 0;

function freshResource(): number {
  return ++resources;
}

export async function write(
  landscape: Landscape,
  token: string,
  resource = freshResource(),
): Promise<Attempt> {
  const begunAt = performance.now();
  const reply = await landscape.call(actionPath(resource), {
    body: { description: `number ${resource}` },
    token,
  });
  const body = (await reply.json()) as Record<string, unknown>;
  return {
    resource,
    begunAt,
    tookMs: performance.now() - begunAt,
    status: reply.status,
    operationId: reply.headers.get('operation-id'),
    problem: reply.status === 200 ? null : body,
  };
}

/** Breaks the store under load and mends it, and compares what clients, upstream and trail know of the writes. */
export async function expectPromisesKept(
  landscape: Landscape,
  trail: () => Promise<StoredRecord[]>,
  fault: StoreFault,
): Promise<void> {
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
  const token = await landscape.issuer.token();
  const attempts: Attempt[] = [];
  let loaded = true;
  const client = async (): Promise<void> => {
    while (loaded) attempts.push(await write(landscape, token));
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await sleep(400);
  await fault.begin();
  await sleep(ON_ITS_WAY);
  const sentBefore = landscape.billing.calls.length;
  await sleep(fault.lasts);
  const sentMeanwhile = landscape.billing.calls.length - sentBefore;
  const spooled = spool(landscape).length;
  await fault.end();
  const back = performance.now();
  const written = (): Attempt | undefined =>
    attempts.find(({ begunAt, status }) => begunAt > back && status === 200);
  await eventually(() => written() !== undefined, back);
  await sleep(200);
  loaded = false;
  await Promise.all(clients);
  let records: StoredRecord[] = [];
  await eventually(async () => {
    records = await trail();
    return spool(landscape).length === 0 && undecided(records).length === 0;
  }, back);
  const settledMs = performance.now() - back;

  const told = attempts.filter(({ status }) => status === 200);
  const refused = attempts.filter(({ status }) => status !== 200);
  const slowest = Math.max(0, ...refused.map(({ tookMs }) => tookMs));
  const recovered = written();
  process.stdout.write(
    `${fault.name}: ${told.length} × 200, ${refused.length} × 503 (slowest ${Math.round(slowest)} ms), ` +
      `${spooled} spooled, writes again after ` +
      `${recovered === undefined ? 'more' : Math.round(recovered.begunAt + recovered.tookMs - back)} ms, ` +
      `all settled after ${Math.round(settledMs)} ms\n`,
  );

  // Refused in time, as what it is.
  expect(
    refused.filter(
      ({ status, problem }) =>
        !(
          status === 503 &&
          problem?.['code'] === 'audit-unavailable' &&
          problem['outcome'] === 'not-applied'
        ),
    ),
  ).toEqual([]);
  expect(slowest).toBeLessThan(ANSWERED_WITHIN);
  expect(told.length).toBeGreaterThan(CLIENTS);
  if (fault.lasts > 0) {
    expect(refused.length).toBeGreaterThan(0);
    expect(sentMeanwhile).toBe(0);
  }

  // Nothing ran without its intent, and nothing twice.
  const ran = landscape.billing.calls.map(({ url }) => numberIn(decodeURIComponent(url)));
  expect(new Set(ran).size).toBe(ran.length);
  const intents = new Set(resourcesOf(records, ({ kind }) => kind === 'intent'));
  expect(ran.filter((resource) => !intents.has(resource))).toEqual([]);
  const notApplied = new Set(resourcesOf(records, (record) => record['outcome'] === 'not-applied'));
  expect(ran.filter((resource) => notApplied.has(resource))).toEqual([]);
  const denied = new Set(refused.map(({ resource }) => resource));
  expect(ran.filter((resource) => denied.has(resource))).toEqual([]);

  // Nothing that a client was told of is missing.
  const applied = new Set(
    records.filter((record) => record['outcome'] === 'applied').map((record) => record['operationId']),
  );
  expect(told.filter(({ operationId }) => !applied.has(operationId))).toEqual([]);

  for (const member of ['id', 'seq']) {
    expect(new Set(records.map((record) => record[member])).size).toBe(records.length);
  }
  expect(undecided(records)).toEqual([]);
  expect(spool(landscape)).toEqual([]);
  expect(recovered).toBeDefined();
}

/** Breaks the store while the upstream works on a write. */
export async function expectOutcomeSpooled(
  landscape: Landscape,
  trail: () => Promise<StoredRecord[]>,
  fault: StoreFault,
): Promise<void> {
  const token = await landscape.issuer.token();
  const resource = freshResource();
  let answer = (): void => undefined;
  const received = new Promise<void>((resolve) => {
    landscape.billing.play((call, response, request) => {
      answer = () => {
        json(200, DOCUMENTED_REPLY)(call, response, request);
      };
      resolve();
    });
  });
  const writing = write(landscape, token, resource);
  await received;
  await fault.begin();
  answer();
  const { status, operationId } = await writing;
  const spooled = spool(landscape).length;
  await fault.end();
  const back = performance.now();
  expect({ status, spooled }).toEqual({ status: 200, spooled: 1 });

  await eventually(async () => undecided(await trail()).length === 0, back);
  const settledMs = performance.now() - back;
  process.stdout.write(`${fault.name} while a write is at the upstream: ${Math.round(settledMs)} ms\n`);
  expect((await trail()).filter((record) => record['operationId'] === operationId)).toMatchObject([
    { kind: 'intent' },
    { kind: 'outcome', outcome: 'applied' },
  ]);
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
  expect((await write(landscape, token, resource)).status).toBe(200);
  await eventually(() => spool(landscape).length === 0, back);
  expect(spool(landscape)).toEqual([]);
}

/** Waits until it holds, at the longest as long as a store that is back may take. */
export async function eventually(holds: () => boolean | Promise<boolean>, back: number): Promise<void> {
  while (!(await holds()) && performance.now() - back < BACK_WITHIN) await sleep(20);
}

function spool({ gateway }: Landscape): string[] {
  return readdirSync(join(gateway.dataDir, 'spool'));
}

/** The operations that have an intent and no outcome. */
function undecided(records: readonly StoredRecord[]): unknown[] {
  const ended = new Set(
    records.flatMap((record) => (record.kind === 'outcome' ? [record['operationId']] : [])),
  );
  return records.flatMap(({ kind, operationId }) =>
    kind === 'intent' && !ended.has(operationId) ? [operationId] : [],
  );
}

function resourcesOf(records: readonly StoredRecord[], chosen: (record: StoredRecord) => boolean): number[] {
  return records.filter(chosen).map(({ resource }) => numberIn(resource));
}

function numberIn(id: unknown): number {
  return Number(String(id).split('+').at(-1));
}
