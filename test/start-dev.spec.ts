import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ENVIRONMENT, freePort } from './support/gateway.js';

const ROOT = join(import.meta.dirname, '..');

/** Runs the gateway as a developer does, sends it these signals once it serves, and tells how that ended. */
async function run(
  settings: Record<string, string>,
  ...signals: NodeJS.Signals[]
): Promise<{ code: number | null; said: string; stillServes: boolean }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  const port = String(await freePort());
  const serves = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/problems`).then(
      () => true,
      () => false,
    );
  const child = spawn(process.execPath, ['scripts/start-dev.mjs'], {
    cwd: ROOT,
    env: {
      ...ENVIRONMENT,
      HOST: '127.0.0.1',
      PORT: port,
      DATA_DIR: dataDir,
      HANDOFF_BASE_URL: 'http://127.0.0.1:9',
      BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
      AUTH_ISSUER: 'http://127.0.0.1:9',
      AUTH_AUDIENCE: 'surehand',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const closed = once(child, 'close');
  while (child.exitCode === null && !(await serves())) await sleep(50);
  for (const signal of signals) {
    child.kill(signal);
    await sleep(400);
  }
  await closed;
  rmSync(dataDir, { recursive: true });
  return { code: child.exitCode, said: said.join(''), stillServes: await serves() };
}

describe('the gateway with a readable log', () => {
  it.each<NodeJS.Signals>(['SIGTERM', 'SIGHUP'])('ends in order at %s', async (signal) => {
    const { code, said, stillServes } = await run({ DRAIN_SECONDS: '0' }, signal);
    expect({ code, stillServes }).toEqual({ code: 0, stillServes: false });
    expect(said).toMatch(/^\[\d\d:\d\d:\d\d\.\d{3}\] INFO: Stopping after SIGTERM /m);
    expect(said).not.toContain('"level"');
  });

  it('ends at once at a second signal, with the exit code of the gateway', async () => {
    expect(await run({ DRAIN_SECONDS: '10' }, 'SIGINT', 'SIGTERM')).toMatchObject({ code: 143 });
  });

  it('says what is wrong with its configuration, with the exit code of the gateway', async () => {
    const { code, said } = await run({ AUTH_AUDIENCE: '' });
    expect(code).toBe(1);
    expect(said).toContain('AUTH_AUDIENCE');
  });
});
