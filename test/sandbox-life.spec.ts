import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RESCHEDULED, Sandbox, freePorts, refusedSandbox } from './support/sandbox.js';

describe('the life of a sandbox', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-sandbox-'));
  let seed: unknown;
  afterAll(() => {
    rmSync(dataDir, { recursive: true });
  });

  it('takes its gateway along when it is killed', async () => {
    const sandbox = await Sandbox.start({ dataDir });
    expect(await sandbox.listening()).toHaveLength(4);
    seed = await sandbox.action();
    expect((await sandbox.write('billing')).status).toBe(200);
    await sandbox.stop('SIGKILL');
    const until = Date.now() + 5_000;
    while ((await sandbox.listening()).length > 0 && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await sandbox.listening()).toEqual([]);
  });

  it('keeps what was changed, and leaves nothing listening after SIGTERM', async () => {
    const sandbox = await Sandbox.start({ dataDir });
    expect(await sandbox.action()).toMatchObject({ scheduledDate: RESCHEDULED });
    expect(await sandbox.stop('SIGTERM')).toBe(0);
    expect(await sandbox.listening()).toEqual([]);
  });

  it('forgets it with --reset, and leaves nothing listening after Ctrl-C', async () => {
    const sandbox = await Sandbox.start({ dataDir, args: ['--reset'] });
    expect(await sandbox.action()).toEqual(seed);
    expect(await sandbox.stop('SIGINT')).toBe(0);
    expect(await sandbox.listening()).toEqual([]);
  });

  it.each(['PORT', 'SANDBOX_LENDING_PORT', 'SANDBOX_BILLING_PORT', 'SANDBOX_ISSUER_PORT'] as const)(
    'says in one line that %s names a taken port',
    async (variable) => {
      const ports = await freePorts();
      const occupant = createServer().listen(Number(ports[variable]), '127.0.0.1');
      await once(occupant, 'listening');
      expect(await refusedSandbox({ ...ports, DATA_DIR: dataDir })).toEqual({
        code: 1,
        output: `Port ${ports[variable]} is already in use: set ${variable} to a free one.\n`,
      });
      occupant.close();
    },
  );

  it('names every setting that it cannot use', async () => {
    expect(
      await refusedSandbox({ PORT: 'x', SANDBOX_TIMEOUT_MS: '1', SANDBOX_BILLING_TIMEZONE: 'Mars/Olympus' }),
    ).toEqual({
      code: 1,
      output: [
        "PORT must be a whole number from 1 to 65535, not 'x'.",
        "SANDBOX_TIMEOUT_MS must be a whole number from 100 to 120000, not '1'.",
        "SANDBOX_BILLING_TIMEZONE must be an IANA time zone, not 'Mars/Olympus'.\n",
      ].join('\n'),
    });
  });
});
