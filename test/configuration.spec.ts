import { generateKeyPairSync } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../src/platform/config/settings.js';
import { Gateway, REQUIRED, checkedConfig, commanded, refusedStart } from './support/gateway.js';
import { HANDOFF_PATH, Landscape, UPDATED_HANDOFF, aHandoffUpdate } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

const ROOT = join(import.meta.dirname, '..');

describe('a start', () => {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  it('without any setting names all that are required', async () => {
    const { code, output } = await refusedStart({});
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      'The configuration has 4 problem(s):',
      expect.stringMatching(/^ {2}- HANDOFF_BASE_URL is required: ./),
      expect.stringMatching(/^ {2}- BILLING_CARE_BASE_URL is required: ./),
      expect.stringMatching(/^ {2}- AUTH_ISSUER is required: ./),
      expect.stringMatching(/^ {2}- AUTH_AUDIENCE is required: ./),
      '',
    ]);
  });

  it('with eleven faults of every kind names all eleven, and shows no value', async () => {
    const wrong = {
      PORT: 'wrong-port',
      LOG_LEVEL: 'wrong-level',
      HANDOFF_BASE_URL: 'https://user:wrong-secret@lending.bank.example',
      HANDOFF_APP_ID: 'wrong\nheader',
      HANDOFF_REF_PATTERN: '(wrong-pattern',
      BILLING_CARE_BASE_URL: 'http://wrong-scheme.example',
      AUDIT_HMAC_KEY: 'wrong-key',
      AUDIT_SIGNING_KEY: 'wrong-key',
    };
    const { code, output } = await refusedStart({
      NODE_ENV: 'production',
      HANDOFF_AUTH: 'basic',
      HANDOFF_USERNAME: 'surehand',
      AUTH_ISSUER: 'https://id.bank.example',
      ...wrong,
    });
    expect(code).toBe(1);
    const [title, ...problems] = output.trimEnd().split('\n  - ');
    expect(title).toBe('The configuration has 11 problem(s):');
    expect(problems.map((problem) => problem.split(' ')[0]).sort()).toEqual(
      [...Object.keys(wrong), 'AUTH_AUDIENCE', 'BILLING_CARE_AUTH', 'HANDOFF_PASSWORD'].sort(),
    );
    expect(output).not.toContain('wrong');
  });

  it('has no browser sessions by a client without a secret [B1]', async () => {
    const { code, output } = await refusedStart({
      ...REQUIRED,
      AUTH_CLIENT_ID: 'surehand',
    });
    expect(code).toBe(1);
    expect(output).toBe(
      'The configuration has 1 problem(s):\n  - AUTH_CLIENT_SECRET is required with AUTH_CLIENT_ID\n',
    );
  });

  it('for production succeeds once nothing is open, and takes a secret from a file', async () => {
    const password = join(directory, 'password');
    writeFileSync(password, 'from a file\n');
    const landscape = await Landscape.start({
      NODE_ENV: 'production',
      HANDOFF_AUTH: 'basic',
      HANDOFF_USERNAME: 'surehand',
      HANDOFF_PASSWORD_FILE: password,
      BILLING_CARE_AUTH: 'basic',
      BILLING_CARE_USERNAME: 'surehand',
      BILLING_CARE_PASSWORD_FILE: password,
      AUDIT_HMAC_KEY: Buffer.alloc(32, 7).toString('base64'),
      AUDIT_SIGNING_KEY: generateKeyPairSync('ed25519')
        .privateKey.export({ type: 'pkcs8', format: 'pem' })
        .toString(),
    });
    try {
      landscape.lending.play(json(200, UPDATED_HANDOFF));
      const { status } = await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() });
      expect(status).toBe(200);
      const { authorization = '' } = landscape.lending.onlyCall.headers;
      expect(Buffer.from(authorization.replace('Basic ', ''), 'base64').toString()).toBe(
        'surehand:from a file',
      );
    } finally {
      await landscape.end();
    }
  });

  it.each(['audit-hmac.key', 'audit-signing.key'])('with a damaged %s says what to do', async (name) => {
    const dataDir = mkdtempSync(join(directory, 'damaged-'));
    writeFileSync(join(dataDir, name), '');
    const { code, output } = await refusedStart({ ...REQUIRED, DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
    expect({ code, output }).toEqual({
      code: 1,
      output: `${name} in ${dataDir} holds no key; restore it, or remove it to have a new one made\n`,
    });
  });

  it('ends as a whole if one part fails after another was opened', async () => {
    const dataDir = join(directory, 'half-open');
    mkdirSync(join(dataDir, 'audit-hmac.key'), { recursive: true });
    const { code, output } = await refusedStart({ ...REQUIRED, DATA_DIR: dataDir, LOG_LEVEL: 'silent' });
    expect(code).toBe(1);
    expect(output).toMatch(/^EISDIR: .+\n$/);
  });
});

/** Each secret with a value that nothing else has, half of them in files. */
function everySecret(directory: string): { settings: Record<string, string>; secrets: string[] } {
  const names = Object.entries(SETTINGS).flatMap(([name, { secret }]) => (secret === true ? [name] : []));
  const signingKey = generateKeyPairSync('ed25519')
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
  const valueOf = (name: string): string => {
    if (name === 'DATABASE_URL') return 'postgres://its-user:its-password@127.0.0.1:9/its-database';
    if (name === 'AUDIT_SIGNING_KEY') return signingKey;
    const value = Buffer.from(`the very secret value of ${name}`.padEnd(40)).toString('base64');
    return name === 'OTEL_EXPORTER_OTLP_HEADERS' ? `authorization=${value}` : value;
  };
  const settings = names.map((name, index): [string, string] => {
    if (index % 2 === 0) return [name, valueOf(name)];
    const file = join(directory, name);
    writeFileSync(file, valueOf(name));
    return [`${name}_FILE`, file];
  });
  return {
    // The secret of a client that is not named would be a fault.
    settings: { ...REQUIRED, AUTH_CLIENT_ID: 'surehand', ...Object.fromEntries(settings) },
    secrets: [
      ...names.map(valueOf).flatMap((value) => value.trimEnd().split('\n')),
      'its-user',
      'its-password',
    ],
  };
}

describe('the effective configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  const dataDir = join(directory, 'data');
  const { settings, secrets } = everySecret(directory);
  const shown = {
    ...REQUIRED,
    DATA_DIR: dataDir,
    PORT: '3000',
    HANDOFF_STATUSES: 'SUCCESS, FAILURE',
    BILLING_CARE_CIRCUIT_BREAKER: 'on',
    AUTH_JWKS_URI: null,
    HANDOFF_PASSWORD: 'set',
  };
  const given = { ...settings, DATA_DIR: dataDir, HANDOFF_STATUSES: 'SUCCESS, FAILURE' };
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it('is checked and shown by --check-config: every setting, no secret, and nothing is opened', async () => {
    const { code, stdout, stderr } = await checkedConfig({ ...given, LOG_LEVEL: 'debug' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const effective = JSON.parse(stdout) as Record<string, string | null>;
    expect(Object.keys(effective)).toEqual(Object.keys(SETTINGS));
    expect(effective).toMatchObject({ ...shown, DATABASE_URL: 'set', LOG_LEVEL: 'debug' });
    for (const secret of secrets) expect(stdout).not.toContain(secret);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('says of a secret that is not set that it is not', async () => {
    const { stdout } = await checkedConfig(REQUIRED);
    expect(JSON.parse(stdout)).toMatchObject({ AUDIT_SIGNING_KEY: 'not set', DATABASE_URL: 'not set' });
  });

  it('is refused by --check-config with the words of a start', async () => {
    const wrong = { ...settings, HANDOFF_AUTH: 'oauth2', PORT: 'x' };
    const { code, stdout, stderr } = await checkedConfig(wrong);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^The configuration has 3 problem\(s\):\n/);
    expect(await refusedStart(wrong)).toEqual({ code: 1, output: stderr });
    for (const secret of secrets) expect(stderr).not.toContain(secret);
  });

  it('is logged once by a start, and no secret with it', async () => {
    const gateway = await Gateway.start({ ...given, DATABASE_URL: '', DATABASE_URL_FILE: '' });
    try {
      const lines = gateway.log.filter((line) => line.includes('"Effective configuration"'));
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
        expect.objectContaining({
          level: 'info',
          settings: expect.objectContaining({ ...shown, PORT: expect.any(String) as unknown }) as unknown,
        }),
      ]);
      expect(await gateway.stop()).toBe(0);
      for (const secret of secrets) expect(gateway.log.join('\n')).not.toContain(secret);
    } finally {
      await gateway.stop();
    }
  });

  it.each(['--check-confg', 'check', '--help', 'toString', '--check-config --migrate'])(
    'is not taken for asked by %s: nothing starts',
    async (words) => {
      expect(await commanded(given, words.split(' '))).toEqual({
        code: 1,
        stdout: '',
        stderr: 'Unknown arguments: known is one of --check-config, --migrate\n',
      });
    },
  );
});

describe('a second gateway', () => {
  let first: Gateway;
  beforeAll(async () => (first = await Gateway.start(REQUIRED)));
  afterAll(() => first.discard());

  it('on the same data directory is told so, in one line and in its log, and the first goes on', async () => {
    const settings = { ...REQUIRED, HOST: '127.0.0.1', PORT: '0', DATA_DIR: first.dataDir };
    const message = `another process owns the data directory ${first.dataDir}`;
    expect(await refusedStart({ ...settings, LOG_LEVEL: 'silent' })).toEqual({
      code: 1,
      output: `${message} (database is locked)\n`,
    });
    const { output } = await refusedStart({ ...settings, LOG_LEVEL: 'error' });
    expect(JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '')).toMatchObject({
      level: 'error',
      message,
    });
    expect((await fetch(`${first.url}/problems`)).status).toBe(200);
  });

  it('on the same port is told so in one line', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    const { host, port } = new URL(first.url);
    const refused = await refusedStart({
      ...REQUIRED,
      HOST: '127.0.0.1',
      PORT: port,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
    });
    expect(refused).toEqual({ code: 1, output: `listen EADDRINUSE: address already in use ${host}\n` });
    rmSync(dataDir, { recursive: true });
  });
});

describe('the pages that list every setting', () => {
  it.each([
    ['.env.example', /^#?([A-Z_]+)=/gm],
    ['docs/configuration.md', /^\| `([A-Z_]+)`/gm],
  ])('leave none out and add none: %s', (file, line) => {
    const listed = [...readFileSync(join(ROOT, file), 'utf8').matchAll(line)].map(([, name]) => name);
    expect(listed.sort()).toEqual(Object.keys(SETTINGS).sort());
  });

  it('say what the settings say', () => {
    const check = spawnSync(process.execPath, ['scripts/configuration-pages.mjs', '--check'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    expect(check.stderr).toBe('');
    expect(check.status).toBe(0);
  });
});
