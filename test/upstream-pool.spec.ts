import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { createServer as createPlainServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords } from './support/audit-records.js';
import { refusedStart } from './support/gateway.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';

const RESCHEDULE = { scheduledDate: '2021-02-14' };

describe('an upstream whose certificate is of an authority of its own', () => {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-ca-'));
  const file = (name: string): string => join(directory, name);
  let upstream: Server;
  let received = 0;

  beforeAll(async () => {
    const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    openssl(
      ...['req', '-x509', ...newKey, '-keyout', file('ca.key'), '-out', file('ca.pem')],
      ...['-subj', '/CN=An authority', '-days', '2'],
    );
    openssl(
      ...['req', ...newKey, '-keyout', file('host.key'), '-out', file('host.csr'), '-subj', '/CN=localhost'],
    );
    writeFileSync(file('names'), 'subjectAltName=DNS:localhost');
    openssl(
      ...['x509', '-req', '-in', file('host.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key')],
      ...['-CAcreateserial', '-out', file('host.pem'), '-days', '2', '-extfile', file('names')],
    );
    writeFileSync(file('empty.pem'), '');
    writeFileSync(file('text.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    upstream = createServer({ key: readFileSync(file('host.key')), cert: readFileSync(file('host.pem')) });
    upstream.on('request', (_request, response) => {
      received++;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(DOCUMENTED_REPLY));
    });
    upstream.listen(0);
    await once(upstream, 'listening');
  });
  afterAll(() => {
    upstream.closeAllConnections();
    upstream.close();
    rmSync(directory, { recursive: true });
  });
  beforeEach(() => {
    received = 0;
  });

  async function statusAt(host: string, settings: Record<string, string> = {}): Promise<number> {
    const { port } = upstream.address() as AddressInfo;
    const landscape = await Landscape.start({
      BILLING_CARE_BASE_URL: `https://${host}:${port}/bcws/webresources/v1.0`,
      ...settings,
    });
    const { status } = await landscape.call(ACTION_PATH, { body: RESCHEDULE });
    await landscape.end();
    return status;
  }

  it('is called once its authority is believed', async () => {
    expect(await statusAt('localhost', { BILLING_CARE_CA_FILE: file('ca.pem') })).toBe(200);
    expect(received).toBe(1);
  });

  it.each([
    ['an authority that nobody believes', 'localhost', {}],
    ['a name that is not in the certificate', '127.0.0.1', { BILLING_CARE_CA_FILE: file('ca.pem') }],
    ['an authority that is believed elsewhere', 'localhost', { HANDOFF_CA_FILE: file('ca.pem') }],
  ])('gets nothing with %s', async (_what, host, settings) => {
    expect(await statusAt(host, settings)).toBe(503);
    expect(received).toBe(0);
  });

  it.each(['missing.pem', 'empty.pem', 'text.pem', 'host.key'])('is not set up with %s', async (name) => {
    const { code, output } = await refusedStart({
      HANDOFF_CA_FILE: file(name),
      BILLING_CARE_CA_FILE: file('ca.pem'),
    });
    expect(code).toBe(1);
    expect(output).toContain('HANDOFF_CA_FILE must be the path of a readable file with certificates in PEM');
    expect(output).not.toContain('BILLING_CARE_CA_FILE');
  });
});

describe('an upstream that closes idle connections', () => {
  /** `SUREHAND_SOAK` makes more of them. */
  const CALLS = process.env['SUREHAND_SOAK'] === undefined ? 150 : 999;
  const IDLE_MS = 60;

  /** Makes calls with a pause of just that length between them; returns how they ended, and what ran. */
  async function meet(settings: Record<string, string>) {
    const ran = new Map<string, number>();
    let reused = 0;
    const server = createPlainServer((request, response) => {
      const path = request.url ?? '';
      ran.set(path, (ran.get(path) ?? 0) + 1);
      request.resume().once('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(DOCUMENTED_REPLY));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const seen = new WeakSet();
    server.on('request', ({ socket }) => {
      if (seen.has(socket)) reused++;
      seen.add(socket);
      // Closed at the very moment, whatever may be on its way: Node's own time-out is coarser.
      socket.removeAllListeners('timeout').setTimeout(IDLE_MS, () => socket.destroy());
    });
    server.keepAliveTimeout = 0;
    const landscape = await Landscape.start({
      BILLING_CARE_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/bcws/webresources/v1.0`,
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
      LOG_LEVEL: 'error',
      ...settings,
    });
    const token = await landscape.issuer.token();
    const ends: Record<string, number> = {};
    const one = async (from: number): Promise<void> => {
      for (let number = from; number < from + CALLS / 3; number++) {
        const reply = await landscape.call(actionPath(number), { body: RESCHEDULE, token });
        const { outcome = 'applied' } = (await reply.json()) as { readonly outcome?: string };
        ends[outcome] = (ends[outcome] ?? 0) + 1;
        await sleep(IDLE_MS - 4 + Math.random() * 4);
      }
    };
    await Promise.all([one(1_000), one(2_000), one(3_000)]);
    const outcomes = auditRecords(landscape.gateway.dataDir).filter(({ kind }) => kind === 'outcome');
    const times = outcomes.map(({ outcome, resource }) => ({
      outcome,
      ran: ran.get(`/bcws/webresources/v1.0/deferredactions/${encodeURIComponent(String(resource))}`) ?? 0,
    }));
    await landscape.end();
    server.closeAllConnections();
    server.close();
    console.log(`${JSON.stringify(settings)}: ${JSON.stringify(ends)}, ${reused} calls on a used connection`);
    return { ends, times };
  }

  it('is never met in the act if its idle time is known', async () => {
    const { ends, times } = await meet({ BILLING_CARE_IDLE_TIMEOUT_MS: String(IDLE_MS) });
    expect(ends).toEqual({ applied: CALLS });
    expect(times.every(({ ran }) => ran === 1)).toBe(true);
  });

  it('has nothing done twice, and nothing told that is not so, if it is not', async () => {
    const { times } = await meet({ BILLING_CARE_IDLE_TIMEOUT_MS: String(2 * IDLE_MS) });
    expect(times).toHaveLength(CALLS);
    for (const { outcome, ran } of times) {
      expect(ran).toBeLessThanOrEqual(1);
      if (outcome === 'applied') expect(ran).toBe(1);
      if (outcome === 'not-applied') expect(ran).toBe(0);
    }
  });
});
