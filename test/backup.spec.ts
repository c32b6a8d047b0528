import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import type { Gateway } from './support/gateway.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { PostgresServer } from './support/postgres.js';
import { json, later } from './support/scripted-upstream.js';
import { publicPem, verifier } from './support/verifier.js';

const { privateKey } = generateKeyPairSync('ed25519');
const SIGNING_KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** A trail that can be backed up while it is written to. Where one is: what the verifier takes. */
interface Trail {
  /** What a gateway needs to write it. */
  readonly settings: Record<string, string>;
  run(statement: string): Promise<void>;
  /** Takes a backup, restores it somewhere else, and tells what a gateway needs to go on with that. */
  restoredBackup(): Promise<Trail>;
  readonly place: string;
  discard(): Promise<void>;
}

function onSqlite(): Promise<Trail> {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-backup-'));
  const file = join(directory, 'surehand.db');
  return Promise.resolve({
    settings: { DATA_DIR: directory },
    place: directory,
    run: async (statement) => {
      await inFile(file, statement);
    },
    restoredBackup: async () => {
      const copy = await onSqlite();
      await inFile(file, `vacuum into '${join(copy.place, 'surehand.db')}'`);
      return copy;
    },
    discard: () => {
      rmSync(directory, { recursive: true, force: true });
      return Promise.resolve();
    },
  });
}

function inFile(file: string, statement: string): Promise<void> {
  const database = new SQLite(file);
  database.exec(statement);
  database.close();
  return Promise.resolve();
}

async function onPostgres(): Promise<Trail> {
  return trailOn(await PostgresServer.start());
}

function trailOn(server: PostgresServer): Trail {
  return {
    settings: { DATABASE_URL: server.url() },
    place: server.url(),
    run: (statement) => server.run(statement),
    restoredBackup: async () => trailOn(await server.restoredBackup()),
    discard: () => server.discard(),
  };
}

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
])('a trail on %s, backed up while writes go on', (_name, aTrail) => {
  const folder = mkdtempSync(join(tmpdir(), 'surehand-exported-'));
  const [before, after, since, publicKey] = ['before', 'after', 'since', 'key'].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  let trail: Trail;
  let restored: Trail;
  let landscape: Landscape;
  let written = 0;

  beforeAll(async () => {
    writeFileSync(publicKey, publicPem(privateKey));
    trail = await aTrail();
    landscape = await Landscape.start({ ...trail.settings, AUDIT_SIGNING_KEY: SIGNING_KEY });
    landscape.billing.play(later(5, json(200, DOCUMENTED_REPLY)));
    const stop = keepWriting();
    await aCheckpoint(trail, landscape.gateway);
    writeFileSync(before, checkpointsOf(landscape.gateway).join('\n'));
    restored = await trail.restoredBackup();
    await aCheckpoint(trail, landscape.gateway);
    await stop();
    writeFileSync(after, checkpointsOf(landscape.gateway).join('\n'));
    await landscape.gateway.stop();
  }, 30_000);
  afterAll(async () => {
    await landscape.end();
    await restored.discard();
    await trail.discard();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Four clients that write one after the other, until they are stopped. */
  function keepWriting(): () => Promise<void> {
    let go = true;
    const clients = Array.from({ length: 4 }, async () => {
      while (go) {
        const reply = await landscape.call(actionPath(written++), { body: { scheduledDate: '2021-02-14' } });
        expect(reply.status).toBe(200);
      }
    });
    return async () => {
      go = false;
      await Promise.all(clients);
    };
  }

  it('verifies, also against what was exported when it was taken', async () => {
    const { code, output } = await verified(restored, before);
    expect(output).toMatch(/^OK: .*signatures valid; 1 exported checkpoints match/);
    expect(code).toBe(0);
  });

  it('lacks its tail, for who has what was exported afterwards', async () => {
    expect((await verified(trail, after)).output).toMatch(/^OK: .* 2 exported checkpoints match/);
    const { code, output } = await verified(restored, after);
    expect(output).toMatch(/is missing and so is all after it: line 2 .*\[cut-tail\]/);
    expect(code).toBe(1);
  });

  it('is gone on with by a gateway; then the exports of the lost tail fit no more, all others do', async () => {
    const last = await lastRecord(restored);
    landscape = await landscape.restart(restored.settings);
    for (let more = 0; more < 10; more++) {
      const reply = await landscape.call(actionPath(written++), { body: { scheduledDate: '2021-02-15' } });
      expect(reply.status).toBe(200);
    }
    await aCheckpoint(restored, landscape.gateway);
    const old = checkpointsIn(after);
    writeFileSync(since, checkpointsOf(landscape.gateway).join('\n'));
    appendFileSync(after, `\n${readFileSync(since, 'utf8')}`);
    expect((await verified(restored, after)).output).toMatch(/^TAMPERED: .*\[(cut-tail|recomputed-chain)\]/);
    appendFileSync(since, `\n${old.filter((line) => seqOf(line) <= last).join('\n')}`);
    expect((await verified(restored, since)).output).toMatch(/^OK: .* 2 exported checkpoints match/);
    expect(await lastRecord(restored)).toBeGreaterThan(last);
  });

  async function lastRecord(of: Trail): Promise<number> {
    const { records } = JSON.parse((await verified(of, undefined, '--json')).output) as { records: number };
    return records;
  }

  function verified({ place }: Trail, checkpoints?: string, ...more: string[]): ReturnType<typeof verifier> {
    const exported = checkpoints === undefined ? [] : ['--checkpoints', checkpoints];
    return verifier('--database', place, '--public-key', publicKey, ...exported, ...more);
  }
});

function checkpointsOf({ log }: Gateway): string[] {
  return log.filter((line) => line.includes('"Audit checkpoint"'));
}

function checkpointsIn(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}

function seqOf(line: string): number {
  return (JSON.parse(line) as { checkpoint: { seq: number } }).checkpoint.seq;
}

/** As if a minute had passed: a commit of the gateway makes a checkpoint. */
async function aCheckpoint(trail: Trail, gateway: Gateway): Promise<void> {
  const known = checkpointsOf(gateway).length;
  await trail.run('update chain_head set checkpoint_at = 0');
  const until = Date.now() + 10_000;
  while (checkpointsOf(gateway).length === known) {
    if (Date.now() > until) throw new Error('the gateway made no checkpoint');
    await fetch(`${gateway.url}/nothing-here`);
    await sleep(50);
  }
}
