import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from './config.js';

const KEY = Buffer.alloc(32, 7).toString('base64');

const REQUIRED = {
  HANDOFF_BASE_URL: 'https://lending.bank.example',
  BILLING_CARE_BASE_URL: 'https://billing.bank.example/bcws/webresources/v1.0',
  AUTH_ISSUER: 'https://id.bank.example',
  AUTH_AUDIENCE: 'surehand',
};

const SIGNING_KEY = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const PRODUCTION = {
  ...REQUIRED,
  NODE_ENV: 'production',
  HANDOFF_AUTH: 'basic',
  HANDOFF_USERNAME: 'surehand',
  HANDOFF_PASSWORD: 'for-lending',
  BILLING_CARE_AUTH: 'basic',
  BILLING_CARE_USERNAME: 'surehand',
  BILLING_CARE_PASSWORD: 'for-billing',
  AUDIT_HMAC_KEY: KEY,
  AUDIT_SIGNING_KEY: SIGNING_KEY,
};

/** What is wrong, a line each; nothing if it would start. */
function problemsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    Config.fromEnvironment(environment);
    return [];
  } catch (error) {
    return String(error).split('\n  - ').slice(1);
  }
}

describe('the configuration', () => {
  it('starts with what is required', () => {
    expect(problemsOf(REQUIRED)).toEqual([]);
    expect(problemsOf(PRODUCTION)).toEqual([]);
  });

  it('takes an empty variable for one that is not set', () => {
    const { log } = Config.fromEnvironment({ ...REQUIRED, LOG_LEVEL: '', HANDOFF_APP_ID: '' });
    expect(log.level).toBe('info');
    expect(problemsOf({ ...REQUIRED, AUTH_AUDIENCE: '' })).toEqual([
      'AUTH_AUDIENCE is required: audience that access tokens must name',
    ]);
  });

  it('keeps the metrics off the port of the clients', () => {
    expect(problemsOf({ ...REQUIRED, METRICS_PORT: '3000' })).toEqual([
      'METRICS_PORT must not be the same as PORT',
    ]);
    expect(problemsOf({ ...REQUIRED, METRICS_PORT: '9464' })).toEqual([]);
    expect(problemsOf({ ...REQUIRED, PORT: '0', METRICS_PORT: '0' })).toEqual([]);
  });

  it('names a setting once, also if it is wrong in two ways', () => {
    expect(problemsOf({ ...PRODUCTION, AUDIT_HMAC_KEY: 'short' })).toEqual([
      expect.stringMatching(/^AUDIT_HMAC_KEY must be at least 32 random bytes/),
    ]);
  });

  it.each<[string, string, readonly string[]]>([
    ['HANDOFF', 'basic', ['USERNAME', 'PASSWORD']],
    ['HANDOFF', 'platojwt', ['USERNAME', 'PASSWORD']],
    ['HANDOFF', 'oauth2', ['CLIENT_ID', 'CLIENT_SECRET', 'TOKEN_URL']],
    ['BILLING_CARE', 'basic', ['USERNAME', 'PASSWORD']],
    ['BILLING_CARE', 'bcws', ['CLIENT_ID', 'CLIENT_SECRET']],
    ['BILLING_CARE', 'oauth2', ['CLIENT_ID', 'CLIENT_SECRET', 'TOKEN_URL']],
  ])('wants all that it takes with %s_AUTH=%s', (name, way, parts) => {
    const auth = { ...REQUIRED, [`${name}_AUTH`]: way };
    expect(problemsOf(auth)).toEqual(
      parts.map((part) => `${name}_${part} is required with ${name}_AUTH=${way}`),
    );
    const complete = parts.map((part): [string, string] => [
      `${name}_${part}`,
      part === 'TOKEN_URL' ? 'https://id.example/t' : 'x',
    ]);
    expect(problemsOf({ ...auth, ...Object.fromEntries(complete) })).toEqual([]);
  });

  it('wants a source code with a client that logs in to platojwt, and not a user beside it', () => {
    const client = { ...REQUIRED, HANDOFF_AUTH: 'platojwt', HANDOFF_CLIENT_ID: 'surehand' };
    expect(problemsOf(client)).toEqual([
      'HANDOFF_CLIENT_SECRET is required with HANDOFF_AUTH=platojwt',
      'HANDOFF_SOURCE_CODE is required with HANDOFF_AUTH=platojwt',
    ]);
    const complete = { ...client, HANDOFF_CLIENT_SECRET: 'x', HANDOFF_SOURCE_CODE: 'BFF' };
    expect(problemsOf(complete)).toEqual([]);
    expect(problemsOf({ ...complete, HANDOFF_USERNAME: 'surehand' })).toEqual([
      'HANDOFF_CLIENT_ID must not stand beside HANDOFF_USERNAME: one of them logs in',
    ]);
  });

  it.each([
    ['HANDOFF_AUTH', 'bcws', 'none, basic, platojwt, oauth2'],
    ['BILLING_CARE_AUTH', 'platojwt', 'none, basic, bcws, oauth2'],
  ])('knows no %s=%s', (name, way, known) => {
    expect(problemsOf({ ...REQUIRED, [name]: way })).toEqual([`${name} must be one of ${known}`]);
  });

  it.each([
    ['https://lending.example', 'https://lending.example/platojwtauth'],
    ['https://lending.example/api-gateway/', 'https://lending.example/api-gateway/platojwtauth'],
  ])('finds the token endpoint below %s', (HANDOFF_BASE_URL, tokenUrl) => {
    const user = { HANDOFF_AUTH: 'platojwt', HANDOFF_USERNAME: 'surehand', HANDOFF_PASSWORD: 'x' };
    const { handoff } = Config.fromEnvironment({ ...REQUIRED, HANDOFF_BASE_URL, ...user });
    expect(handoff.upstream.auth).toMatchObject({ tokenUrl: new URL(tokenUrl) });
  });
});

it('wants a user for read-backs where the subject is none in lending', () => {
  const claim = { ...REQUIRED, HANDOFF_USER_ID_CLAIM: 'preferred_username' };
  expect(problemsOf(claim)).toEqual([
    'HANDOFF_READ_BACK_USER_ID is required with a HANDOFF_USER_ID_CLAIM other than sub',
  ]);
  expect(problemsOf({ ...claim, HANDOFF_READ_BACK_USER_ID: 'SUREHAND' })).toEqual([]);
});

describe('production', () => {
  it.each<[string, string | undefined, string]>([
    ['HANDOFF_AUTH', 'none', 'must not be none in production'],
    ['BILLING_CARE_AUTH', 'none', 'must not be none in production'],
    ['AUDIT_HMAC_KEY', undefined, 'is required in production'],
    [
      'CORS_ORIGINS',
      'https://app.example,http://app.example',
      'must be https in production, unless it is on loopback',
    ],
    ...[
      'HANDOFF_BASE_URL',
      'HANDOFF_TOKEN_URL',
      'BILLING_CARE_BASE_URL',
      'BILLING_CARE_TOKEN_URL',
      'AUTH_ISSUER',
      'AUTH_JWKS_URI',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ].flatMap((name) =>
      [
        'http://bank.example',
        'http://10.0.0.1',
        'http://localhost.evil.example',
        'http://127.0.0.1.evil.example',
        'http://0.0.0.0',
        'HTTP://BANK.EXAMPLE',
      ].map((address): [string, string, string] => [
        name,
        address,
        'must be https in production, unless it is on loopback',
      ]),
    ),
  ])('does not start with %s=%s', (name, value, problem) => {
    expect(problemsOf({ ...PRODUCTION, [name]: value })).toEqual([`${name} ${problem}`]);
  });

  it.each([
    'http://localhost:8080',
    'http://127.0.0.1',
    'http://127.1.2.3',
    'http://[::1]:1',
    'http://2130706433',
  ])('starts with plain http on loopback: %s', (address) => {
    expect(problemsOf({ ...PRODUCTION, HANDOFF_BASE_URL: address })).toEqual([]);
  });
});

describe('browser sessions', () => {
  const client = { AUTH_CLIENT_ID: 'surehand', AUTH_CLIENT_SECRET: 'x' };
  const SESSION_KEY = Buffer.alloc(32).toString('base64');

  it('are off without a client', () => {
    expect(Config.fromEnvironment(REQUIRED).sessions).toBeUndefined();
  });

  it('last as long as the settings say', () => {
    const lengths = { SESSION_IDLE_MINUTES: '0.5', SESSION_MAX_HOURS: '8' };
    expect(Config.fromEnvironment({ ...REQUIRED, ...client, ...lengths }).sessions).toMatchObject({
      clientId: 'surehand',
      idleMs: 30_000,
      maxMs: 28_800_000,
    });
  });

  it.each([
    [{ AUTH_CLIENT_ID: 'surehand' }, 'AUTH_CLIENT_SECRET is required with AUTH_CLIENT_ID'],
    [{ AUTH_CLIENT_SECRET: 'x' }, 'AUTH_CLIENT_ID is required with AUTH_CLIENT_SECRET'],
    [
      { ...client, PUBLIC_URL: 'https://gateway.example/below' },
      'PUBLIC_URL must have no path with AUTH_CLIENT_ID: the cookie is for the whole host',
    ],
    [
      { ...client, DATABASE_URL: 'postgres://localhost/surehand' },
      'SESSION_KEY is required with AUTH_CLIENT_ID and DATABASE_URL: all replicas need the same',
    ],
  ])('are not begun with %j', (settings, problem) => {
    expect(problemsOf({ ...REQUIRED, ...settings })).toEqual([problem]);
  });

  it.each([
    [{ SESSION_KEY: '' }, 'SESSION_KEY is required in production with AUTH_CLIENT_ID'],
    [
      { PUBLIC_URL: 'http://gateway.example' },
      'PUBLIC_URL must be https in production with AUTH_CLIENT_ID, unless it is on loopback',
    ],
  ])('are not begun in production with %j', (settings, problem) => {
    const production = { ...PRODUCTION, ...client, SESSION_KEY, PUBLIC_URL: 'https://gateway.example' };
    expect(problemsOf(production)).toEqual([]);
    expect(problemsOf({ ...production, ...settings })).toEqual([problem]);
  });
});

describe('the way to the database in production', () => {
  it.each([
    'postgres://app:x@database/surehand',
    'postgres://app:x@database/surehand?sslmode=require',
    'postgres://app:x@127.0.0.1/surehand?host=database',
    'postgres://app:x@localhost.evil.example/surehand',
  ])('is not open to others: %s', (url) => {
    expect(problemsOf({ ...PRODUCTION, DATABASE_URL: url })).toEqual([
      'DATABASE_URL must say sslmode=verify-full in production, unless DATABASE_UNENCRYPTED is on',
    ]);
    expect(problemsOf({ ...PRODUCTION, DATABASE_URL: url, DATABASE_UNENCRYPTED: 'on' })).toEqual([]);
  });

  it.each([
    'postgres://app:x@database/surehand?sslmode=verify-full&sslrootcert=/etc/surehand/ca.pem',
    'postgres://app:x@127.0.0.1/surehand',
    'postgres://app:x@[::1]:5432/surehand',
    'postgres://app:x@database/surehand?host=/var/run/postgresql',
  ])('may be %s', (url) => {
    expect(problemsOf({ ...PRODUCTION, DATABASE_URL: url })).toEqual([]);
  });
});

describe('a secret in a file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  const path = join(directory, 'password');
  const basic = { ...REQUIRED, HANDOFF_AUTH: 'basic', HANDOFF_USERNAME: 'surehand' };
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['as it is', 'pass word', 'pass word'],
    ['without the line break at its end', 'password\n', 'password'],
    ['without a line break of the other kind', 'password\r\n', 'password'],
    ['with the blanks that belong to it', ' password \n', ' password '],
  ])('is read %s', (_, content, password) => {
    writeFileSync(path, content);
    const { handoff } = Config.fromEnvironment({ ...basic, HANDOFF_PASSWORD_FILE: path });
    expect(handoff.upstream.auth).toEqual({
      way: 'basic',
      credentials: { id: 'surehand', secret: password },
    });
  });

  it('is refused if it is empty: nobody wants an empty password', () => {
    writeFileSync(path, '\n');
    expect(problemsOf({ ...basic, HANDOFF_PASSWORD_FILE: path })).toEqual([
      'HANDOFF_PASSWORD must be in a readable file that is not empty (HANDOFF_PASSWORD_FILE)',
    ]);
  });

  it('is refused if the file cannot be read', () => {
    expect(problemsOf({ ...basic, HANDOFF_PASSWORD_FILE: join(directory, 'missing') })).toEqual([
      'HANDOFF_PASSWORD must be in a readable file that is not empty (HANDOFF_PASSWORD_FILE)',
    ]);
  });

  it('is refused beside the same secret in a variable', () => {
    writeFileSync(path, 'password');
    expect(problemsOf({ ...basic, HANDOFF_PASSWORD: 'other', HANDOFF_PASSWORD_FILE: path })).toEqual([
      'HANDOFF_PASSWORD must be given once: as HANDOFF_PASSWORD or as HANDOFF_PASSWORD_FILE',
    ]);
  });

  it('is not looked for where the setting is no secret', () => {
    expect(problemsOf({ ...REQUIRED, AUTH_AUDIENCE: '', AUTH_AUDIENCE_FILE: path })).toHaveLength(1);
  });
});
