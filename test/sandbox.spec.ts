import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { START_ARGUMENTS } from './support/gateway.js';
import { ACTION_PATH } from './support/landscape.js';
import { RESCHEDULED, Sandbox, type System } from './support/sandbox.js';

/** Long enough for a good call, short enough to wait for. */
const TIMEOUT_MS = 1_000;

describe('the sandbox', () => {
  let sandbox: Sandbox;
  beforeAll(
    async () => (sandbox = await Sandbox.start({ settings: { SANDBOX_TIMEOUT_MS: String(TIMEOUT_MS) } })),
  );
  afterAll(() => sandbox.discard());

  it('prints where everything runs and who can sign in', () => {
    const { gateway, issuer, lending, billing } = sandbox.urls;
    for (const text of [`${gateway}/docs`, `${gateway}/openapi.json`, issuer, lending, billing])
      expect(sandbox.printed).toContain(text);
    expect(sandbox.printed).toMatch(/password: surehand/);
    expect(sandbox.printed).toMatch(/^ {2}clerk .*\n {2}supervisor .*\n {2}auditor /m);
  });

  it('starts its gateway with the flags of npm start', () => {
    const flags = START_ARGUMENTS.slice(0, -1);
    expect(flags).toContain('--v8-pool-size=1');
    expect(sandbox.gatewayFlags.slice(0, flags.length)).toEqual(flags);
  });

  it('prints curl commands that work exactly as they are printed', async () => {
    const commands = sandbox.printed.match(/^curl -X PUT .*authorization.*$/gm) ?? [];
    expect(commands.length).toBe(2);
    for (const command of commands) expect(await statusOf(command)).toBe('200');
    expect(await sandbox.action()).toMatchObject({ scheduledDate: RESCHEDULED });
    expect(await sandbox.handoff()).toMatchObject({ handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9' });
  });

  it('shows what reached an upstream', async () => {
    await sandbox.write('billing');
    const calls = (await (await fetch(`${sandbox.urls.billing}/sandbox/calls`)).json()) as {
      method: string;
    }[];
    expect(calls.findLast(({ method }) => method === 'PUT')).toMatchObject({
      path: ACTION_PATH.replaceAll('+', '%2B'),
      headers: { 'content-type': 'application/json' },
      body: '{"scheduledDate":"2021-02-14"}',
    });
  });

  /** How a write ends: by default, in either system. */
  type End = readonly [status: number, code: string, outcome: string];
  it.each<[mode: string, billing: End, lending?: End]>([
    ['hang', [504, 'upstream-timeout', 'unknown']],
    ['reset', [502, 'upstream-bad-response', 'unknown']],
    ['error', [502, 'upstream-error', 'unknown']],
    ['html', [502, 'upstream-error', 'unknown']],
    ['failure-in-200', [502, 'upstream-bad-response', 'unknown'], [422, 'upstream-rejected', 'rejected']],
  ])(
    'lets the gateway meet the misbehaviour "%s" of each upstream',
    async (mode, billing, lending = billing) => {
      const meet = async (system: System, [status, code, outcome]: End): Promise<void> => {
        await sandbox.misbehave(system, { mode, times: 1, methods: ['PUT'] });
        const reply = await sandbox.write(system);
        expect([system, reply.status]).toEqual([system, status]);
        expect(await reply.json()).toMatchObject({ code, outcome });
        expect([system, await statusOnceDecided(sandbox, system)]).toEqual([system, 200]);
      };
      await Promise.all([meet('billing', billing), meet('lending', lending)]);
    },
  );

  it('lets an upstream be slow', async () => {
    await sandbox.misbehave('billing', { mode: 'slow', times: 1, delayMs: TIMEOUT_MS / 4 });
    const begun = Date.now();
    expect((await sandbox.write('billing')).status).toBe(200);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(TIMEOUT_MS / 4);
  });

  it('refuses a misbehaviour that it does not know', async () => {
    const reply = await sandbox.misbehave('billing', { mode: 'explode' });
    expect(reply.status).toBe(400);
    expect(await reply.text()).toContain('mode must be one of none, slow, error, hang, reset');
  });
});

/** The status of a write that waits until nobody wonders about the one before it. */
async function statusOnceDecided(sandbox: Sandbox, system: System): Promise<number> {
  for (let wait = 0; ; wait++) {
    const { status } = await sandbox.write(system);
    if (status !== 409 || wait > 100) return status;
    await sleep(100);
  }
}

/** Runs a command in a shell and returns the HTTP status that its curl met. */
async function statusOf(command: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'surehand-curl-'));
  // So that the command itself can stay as it was printed.
  writeFileSync(join(home, '.curlrc'), 'silent\noutput = "/dev/null"\nwrite-out = "%{http_code}"\n');
  try {
    const env = { PATH: process.env['PATH'], CURL_HOME: home };
    const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command], { env });
    return stdout;
  } finally {
    rmSync(home, { recursive: true });
  }
}
