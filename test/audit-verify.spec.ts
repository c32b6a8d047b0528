import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import fc from 'fast-check';
import { SigningKeys } from '../src/audit-verify/checkpoint.js';
import { openSqliteTrail } from '../src/audit-verify/sqlite-trail.js';
import { verify, type Report } from '../src/audit-verify/verify.js';
import { CheckpointSigner } from '../src/platform/audit/checkpoints.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';
import {
  aRefusal,
  anyChange,
  entryOf,
  generate,
  recompute,
  tamper,
  trailRows,
  type TrailRow,
} from './support/tampering.js';
import { publicPem, verifier, type Ended } from './support/verifier.js';

let folder: string;
/** The trail of a gateway, its log, and the public half of the key that signed its checkpoints. */
let trail: string;
let log: string;
let publicKey: string;
let signingKey: KeyObject;
let rows: readonly TrailRow[];
/** The records that the exported checkpoints vouch for. */
let exported: number[];
let whileRunning: Ended;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'surehand-verify-'));
  [trail, log, publicKey] = ['trail.db', 'gateway.log', 'audit-public.pem'].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  const landscape = await Landscape.start();
  const { dataDir } = landscape.gateway;
  landscape.billing.play(json(200, DOCUMENTED_REPLY));
  const database = new SQLite(join(dataDir, 'surehand.db'));
  for (let round = 0; round < 4; round++) {
    const writes = Array.from({ length: 12 }, (_, number) =>
      landscape.call(actionPath(100 * round + number), {
        body: { description: `Überweisung № ${number} \ufffd`, serviceLogin: 'sam@example.com' },
      }),
    );
    if (round === 3) whileRunning = await verifier('--database', dataDir);
    await Promise.all([...writes, landscape.call('/nothing-here')]);
    // As if a minute had passed: the next commit makes a checkpoint.
    database.exec('update chain_head set checkpoint_at = 0');
    await landscape.call(actionPath(100 * round + 99), { body: { scheduledDate: '2021-02-14' } });
  }
  await landscape.gateway.stop();
  await database.backup(trail);
  database.close();
  writeFileSync(log, landscape.gateway.log.join('\n'));
  signingKey = createPrivateKey(readFileSync(join(dataDir, 'audit-signing.key')));
  writeFileSync(publicKey, publicPem(signingKey));
  await landscape.end();

  const copy = new SQLite(trail);
  copy.pragma('journal_mode = delete');
  rows = trailRows(copy);
  copy.close();
  exported = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line.includes('Audit checkpoint'))
    .map((line) => (JSON.parse(line) as { checkpoint: { seq: number } }).checkpoint.seq);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the verifier of the audit trail', () => {
  it('finds a trail in order, with its checkpoints, their signatures and what was exported', async () => {
    const { code, output } = await verifier(
      '--database',
      trail,
      '--checkpoints',
      log,
      '--public-key',
      publicKey,
    );
    expect(output).toMatch(
      /^OK: 1\d\d records are one chain that ends with [0-9a-f]{64}; 4 checkpoints, signatures valid; 4 exported checkpoints match, \d+ records came after the last one; [\d.]+ s, [\d,]+ records\/s\n$/,
    );
    expect(code).toBe(0);
  });

  it('checks the trail of a gateway that is writing to it, and says what it did not check', () => {
    expect(whileRunning.output).toMatch(/^OK: .*signatures NOT checked.*NOT compared with exported/);
    expect(whileRunning.code).toBe(0);
  });

  it('tells programs the same as people', async () => {
    const { output } = await verifier('--database', trail, '--json');
    expect(JSON.parse(output)).toMatchObject({
      ok: true,
      finding: null,
      records: rows.length,
      hash: rows.at(-1)?.hash,
      checkpoints: 4,
      signatures: null,
      exported: { matched: 0, upTo: 0 },
    });
  });

  it('finds and locates each of 1,000 random single changes, without a key or an export', async () => {
    const codes = new Set<string | undefined>();
    await fc.assert(
      fc.asyncProperty(anyChange(rows.length), async (change) => {
        const seqs: (number | null)[] = [];
        const file = attacked((database) => seqs.push(tamper(database, rows, change)));
        fc.pre(seqs[0] !== null);
        const { finding } = await verified(file);
        codes.add(finding?.code);
        expect([finding?.seq]).toEqual(seqs);
      }),
      { numRuns: 1_000 },
    );
    expect([...codes]).toEqual(
      expect.arrayContaining([
        'broken-link',
        'changed-column',
        'changed-record',
        'missing-record',
        'not-canonical',
        'repeated-seq',
        'unreadable-record',
      ]),
    );
  }, 60_000);

  it('names the record, what is wrong with it, and ends with 1', async () => {
    const file = attacked((database) =>
      database.exec("update audit_records set subject = 'other' where seq = 2"),
    );
    expect(await verifier('--database', file)).toEqual({
      code: 1,
      output: expect.stringMatching(
        /^TAMPERED: record 2 \("[0-9a-f-]{36}"\) says something else in its column subject \[changed-column\]; 1 records checked\n$/,
      ) as unknown,
    });
  });

  it('finds bytes that are no text in the place of the character that stands for such bytes', async () => {
    const seq = rows.findIndex(({ record }) => record.includes('\ufffd')) + 1;
    const file = attacked((database) => {
      const bytes = Buffer.from(row(seq).record);
      // A decoder shows both as one U+FFFD.
      bytes.set([0xf0, 0x9f, 0x98], bytes.indexOf('\ufffd'));
      database.prepare('update audit_records set record = cast(? as text) where seq = ?').run(bytes, seq);
    });
    expect((await verified(file)).finding).toMatchObject({ code: 'changed-record', seq });
  });

  it('finds a cut tail by the chain head, even without exports', async () => {
    const file = attacked((database) => database.exec('delete from audit_records where seq > 50'));
    expect((await verified(file)).finding).toMatchObject({ code: 'cut-tail', seq: 51 });
  });

  it.each(['seq = seq - 1', 'seq = seq + 1', 'hash = upper(hash)', 'checkpoint_seq = 1'])(
    'finds a chain head with %s',
    async (change) => {
      const file = attacked((database) => database.exec(`update chain_head set ${change}`));
      expect((await verified(file)).finding?.code).toMatch(/wrong-head|cut-tail/);
    },
  );

  it('finds an id that comes twice, where the table no longer forbids it', async () => {
    const file = attacked((database) => {
      const { sql } = database
        .prepare<[], { sql: string }>("select sql from sqlite_schema where name = 'audit_records'")
        .get() ?? { sql: '' };
      database.exec(`drop table audit_records; ${sql.replace('not null unique', 'not null')}`);
      const [first, ...rest] = rows.map(entryOf);
      recompute(
        database,
        [first, ...rest.slice(0, 5), first].map((entry) => () => entry ?? aRefusal()),
      );
    });
    expect((await verified(file)).finding).toMatchObject({
      code: 'repeated-id',
      seq: 7,
      id: entryOf(row(1)).id,
    });
  });
});

describe('a chain that was computed anew', () => {
  const CHANGED = 20;
  /** Every record but the changed one is as it was; `sign` makes the checkpoints fit. */
  const rewritten = (sign?: CheckpointSigner): string =>
    attacked((database) => {
      const entries = rows.map((stored) => {
        const entry = entryOf(stored);
        if (stored.seq === CHANGED) return () => ({ ...entry, address: '203.0.113.9' });
        if (entry.kind !== 'checkpoint') return () => entry;
        return (head: { seq: number; hash: string }) =>
          sign?.checkpoint(head) ?? {
            ...entry,
            checkpoint: { ...entry.checkpoint, ...head, count: head.seq },
          };
      });
      recompute(database, entries);
    });

  it('looks in order to who has neither key nor export', async () => {
    expect((await verified(rewritten())).finding).toBeNull();
  });

  it.each([
    { by: 'somebody without a key', sign: () => undefined, code: 'wrong-signature' },
    { by: 'somebody with a key of their own', sign: () => newSigner(), code: 'unknown-key' },
  ])('is found by its first checkpoint if it is by $by', async ({ sign, code }) => {
    const { finding } = await verified(rewritten(sign()), { key: publicKey });
    const first = rows.map(entryOf).findIndex(({ kind }) => kind === 'checkpoint') + 1;
    expect(finding).toMatchObject({ code, seq: first });
  });

  it('is found against the exported checkpoints even if it is by who has the signing key', async () => {
    const file = rewritten(new CheckpointSigner(signingKey, 'forger'));
    expect((await verified(file, { key: publicKey })).finding).toBeNull();
    const { code, output } = await verifier(
      '--database',
      file,
      '--public-key',
      publicKey,
      '--checkpoints',
      log,
    );
    expect(output).toContain(`TAMPERED: record ${exported[0] ?? 0} (`);
    expect(output).toContain('[recomputed-chain]');
    expect(code).toBe(1);
  });

  it('is found by what is exported if its tail is cut and its head agrees', async () => {
    const last = (exported.at(-1) ?? 0) - 3;
    const file = attacked((database) => {
      recompute(
        database,
        rows.slice(0, last).map((stored) => () => entryOf(stored)),
      );
    });
    expect((await verified(file)).finding).toBeNull();
    const { code, output } = await verifier('--database', file, '--checkpoints', log);
    expect(output).toMatch(new RegExp(`^TAMPERED: record ${last + 1} is missing.*\\[cut-tail\\]`));
    expect(code).toBe(1);
  });

  it('is found by the checkpoints that it lacks', async () => {
    const file = attacked((database) => {
      recompute(
        database,
        Array.from({ length: 2_001 }, () => () => aRefusal()),
      );
    });
    expect((await verified(file)).finding).toMatchObject({ code: 'checkpoint-overdue', seq: 2_001 });
  });
});

describe('checkpoints that do not fit', () => {
  it('finds an exported line that was forged', async () => {
    const forged = join(folder, 'forged.log');
    const text = readFileSync(log, 'utf8').replace(/("seq":\d+,"hash":")[0-9a-f]{64}/, `$1${'a'.repeat(64)}`);
    writeFileSync(forged, text.replaceAll('"hash":"a', '"hash":"b'));
    const { output } = await verifier(
      '--database',
      trail,
      '--checkpoints',
      forged,
      '--public-key',
      publicKey,
    );
    expect(output).toContain('[wrong-signature]');
    expect(output).toContain(`record ${exported[0] ?? 0} `);
  });

  it('takes two keys where the gateway changed its key', async () => {
    const other = join(folder, 'other.pem');
    writeFileSync(other, publicPem(generateKeyPairSync('ed25519').privateKey));
    expect(await verifier('--database', trail, '--public-key', other)).toMatchObject({ code: 1 });
    expect(
      await verifier('--database', trail, '--public-key', other, '--public-key', publicKey),
    ).toMatchObject({
      code: 0,
    });
  });
});

describe('a check that cannot be made', () => {
  it.each([
    ['no database', () => []],
    ['a database that is not there', () => ['--database', join(folder, 'nothing.db')]],
    ['a file that is no database', () => ['--database', publicKey]],
    ['an unknown option', () => ['--database', trail, '--fast']],
    ['a log without a checkpoint', () => ['--database', trail, '--checkpoints', publicKey]],
    ['a log that is not there', () => ['--database', trail, '--checkpoints', join(folder, 'nothing.log')]],
    ['a key that is none', () => ['--database', trail, '--public-key', log]],
    ['a server that does not answer', () => ['--database', 'postgres://127.0.0.1:1/surehand']],
  ])('ends with 2: %s', async (_what, args) => {
    const { code, output } = await verifier(...args());
    expect(output).toMatch(/^NOT CHECKED: /);
    expect(code).toBe(2);
  });
});

describe('the speed of the verifier', () => {
  /** Of about 100,000 on a quiet machine. */
  const AT_LEAST = 50_000;

  it('is about 100,000 records/s on SQLite, and half of it on a busy machine', async () => {
    const signer = new CheckpointSigner(signingKey, 'gateway-1/7');
    const file = attacked((database) => {
      generate(database, 200_000, signer);
    });
    let best = 0;
    // Other work on the machine is no fault of the verifier.
    for (let attempt = 0; attempt < 5 && best < AT_LEAST; attempt++) {
      const { output } = await verifier('--database', file, '--public-key', publicKey, '--json');
      const report = JSON.parse(output) as Report & { recordsPerSecond: number };
      expect(report).toMatchObject({ finding: null, records: 200_000, signatures: 200 });
      process.stdout.write(`verified ${report.recordsPerSecond} records/s\n`);
      best = Math.max(best, report.recordsPerSecond);
    }
    expect(best).toBeGreaterThanOrEqual(AT_LEAST);
  }, 60_000);
});

describe('the triggers of the trail', () => {
  it.each([
    "update audit_records set subject = 'other' where seq = 2",
    'update or replace audit_records set seq = 3 where seq = 2',
    'delete from audit_records where seq = 2',
    'delete from audit_records',
  ])('refuse "%s"', (statement) => {
    const file = join(folder, 'guarded.db');
    copyFileSync(trail, file);
    const database = new SQLite(file);
    expect(() => database.exec(statement)).toThrow('the audit trail is append-only');
    expect(trailRows(database)).toEqual(rows);
    database.close();
  });
});

/** A copy of the trail after the owner of its tables was there. */
function attacked(attack: (database: SQLite.Database) => void): string {
  const file = join(folder, 'attacked.db');
  copyFileSync(trail, file);
  const database = new SQLite(file);
  database.pragma('journal_mode = memory');
  database.pragma('synchronous = off');
  database.exec('drop trigger audit_records_no_update; drop trigger audit_records_no_delete');
  database.transaction(attack)(database);
  database.close();
  return file;
}

async function verified(file: string, { key }: { key?: string } = {}): Promise<Report> {
  const opened = openSqliteTrail(file);
  try {
    return await verify(opened, { keys: SigningKeys.read(key === undefined ? [] : [key]), exported: [] });
  } finally {
    await opened.close();
  }
}

function row(seq: number): TrailRow {
  const found = rows[seq - 1];
  if (found === undefined) throw new Error(`there is no record ${seq}`);
  return found;
}

function newSigner(): CheckpointSigner {
  return new CheckpointSigner(generateKeyPairSync('ed25519').privateKey, 'forger');
}
