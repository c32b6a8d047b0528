import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { auditRecords, type StoredRecord } from './support/audit-records.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json, reset, type Script } from './support/scripted-upstream.js';
import { publicPem, verifier } from './support/verifier.js';

const KEPT_REPLY = { body: { serviceLogin: 'sam' }, headers: { 'idempotency-key': 'sams-key' } };

/** Loses the reply of each write; its read-back shows that the service of the login is changed. */
const lostButDone: Script = (call, response, request) => {
  const shown = [
    { actionId: { id: '0.0.0.1+-schedule+2', uri: null }, serviceLogin: 'eve', actionStatus: 0 },
  ];
  (call.method === 'GET' ? json(200, shown) : reset)(call, response, request);
};

describe('a gateway whose keys were changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'surehand-keys-'));
  const [former, present] = [aKeyPair('former'), aKeyPair('present')];
  let landscape: Landscape;
  let auditor: string;
  let undecided: string | null;
  beforeAll(async () => {
    const before = await Landscape.start({
      AUDIT_HMAC_KEY: former.hmac,
      AUDIT_SIGNING_KEY: former.signing,
      SETTLE_WINDOW_MS: '4000',
      BILLING_CARE_TIMEOUT_MS: '600',
    });
    auditor = await before.issuer.token({ sub: 'auditor', scope: 'audit:read' });
    before.billing.play(json(200, DOCUMENTED_REPLY));
    await before.call(actionPath(1), KEPT_REPLY);
    before.billing.play(lostButDone);
    const headers = { 'account-id': '0.0.0.1+-account+1' };
    undecided = (await before.call(actionPath(2), { body: { serviceLogin: 'eve' }, headers })).headers.get(
      'operation-id',
    );
    await checkpoint(before);
    await before.gateway.stop();
    landscape = await before.restart({
      AUDIT_HMAC_KEY: present.hmac,
      AUDIT_HMAC_OTHER_KEYS: former.hmac,
      AUDIT_SIGNING_KEY: present.signing,
    });
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    await landscape.call(actionPath(3), { body: { serviceLogin: 'sam' } });
    landscape.billing.play(lostButDone);
    await checkpoint(landscape);
  });
  afterAll(async () => {
    await landscape.end();
    rmSync(folder, { recursive: true, force: true });
  });

  async function found(value: string): Promise<StoredRecord[]> {
    const reply = await landscape.call(`/audit/records?sensitive=${value}`, {
      method: 'GET',
      token: auditor,
    });
    return ((await reply.json()) as { items: StoredRecord[] }).items;
  }

  it('finds a sensitive value in the records of before and after, and each names its key', async () => {
    const records = await found('sam');
    expect(records.map(({ resource }) => resource)).toEqual(['0.0.0.1+-schedule+1', '0.0.0.1+-schedule+3']);
    const keyIds = records.map(({ payload }) => (payload as typeof KEPT_REPLY.body).serviceLogin as unknown);
    expect(keyIds).toEqual([
      { hmac: expect.any(String) as unknown, keyId: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown },
      { hmac: expect.any(String) as unknown, keyId: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown },
    ]);
    expect(new Set(keyIds.map((value) => (value as { keyId: string }).keyId)).size).toBe(2);
  });

  it('decides a write of before by its read-back', async () => {
    const verdict = await verdictOn(landscape, undecided);
    expect(verdict).toMatchObject({ outcome: 'applied', evidence: 'read-back' });
    const intent = auditRecords(landscape.gateway.dataDir).find(
      ({ kind, operationId }) => kind === 'intent' && operationId === undecided,
    );
    // Not by the process that had masked it.
    expect(verdict?.['replica']).not.toBe(intent?.['replica']);
  });

  it('answers an Idempotency-Key of before with its reply', async () => {
    const reply = await landscape.call(actionPath(1), KEPT_REPLY);
    expect([reply.status, reply.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  });

  it('has one chain, signed by both: the verifier takes both public keys, and asks for the one that it lacks', async () => {
    const { dataDir } = landscape.gateway;
    const [one, other] = [former.publicFile, present.publicFile];
    expect(await verifier('--database', dataDir, '--public-key', one, '--public-key', other)).toEqual({
      code: 0,
      output: expect.stringContaining('2 checkpoints, signatures valid') as unknown,
    });
    for (const file of [one, other]) {
      expect(await verifier('--database', dataDir, '--public-key', file)).toEqual({
        code: 1,
        output: expect.stringContaining('[unknown-key]') as unknown,
      });
    }
  });

  it('without the former key finds nothing of before', async () => {
    await landscape.gateway.stop();
    landscape = await landscape.restart({ AUDIT_HMAC_OTHER_KEYS: '' });
    expect((await found('sam')).map(({ resource }) => resource)).toEqual(['0.0.0.1+-schedule+3']);
  });

  function aKeyPair(name: string) {
    const { privateKey } = generateKeyPairSync('ed25519');
    const publicFile = join(folder, `${name}.pem`);
    writeFileSync(publicFile, publicPem(privateKey));
    const signing = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    return { signing, hmac: randomBytes(32).toString('base64'), publicFile };
  }
});

/** As if a minute had passed: the next commit, that of a search, makes a checkpoint. */
async function checkpoint(landscape: Landscape): Promise<void> {
  const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));
  database.exec('update chain_head set checkpoint_at = 0');
  database.close();
  await landscape.call('/nothing-here');
}

async function verdictOn(
  landscape: Landscape,
  operationId: string | null,
): Promise<StoredRecord | undefined> {
  for (let wait = 0; wait < 100; wait++) {
    const records = auditRecords(landscape.gateway.dataDir);
    const verdict = records.find(
      (record) => record.kind === 'reconciliation' && record['operationId'] === operationId,
    );
    if (verdict !== undefined) return verdict;
    await sleep(100);
  }
  return undefined;
}
