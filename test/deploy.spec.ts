import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IStatefulSet } from 'kubernetes-models/apps/v1';
import { SETTINGS } from '../src/platform/config/settings.js';
import { builtGateway } from './support/built-gateway.js';
import { AS_DEPLOYED, writeSecrets } from './support/deployment.js';
import { Gateway, checkedConfig, freePort } from './support/gateway.js';
import { describeWith, installed } from './support/installed.js';
import { DEPLOY, manifest, read, service, settingsIn } from './support/manifests.js';

const { scripts } = JSON.parse(read('../package.json')) as {
  readonly scripts: { readonly start: string; readonly sandbox: string };
};

const DOCKERFILE = read('Dockerfile');
const UNIT = read('systemd/surehand.service');
const POD = (manifest('kubernetes/base/gateway.yaml') as IStatefulSet).spec?.template.spec;
const [CONTAINER] = POD?.containers ?? [];

/** What AppStop takes at most, s. */
const STOPS_WITHIN_S = 25;

/** The first number that a pattern finds. */
function numberIn(content: string, pattern: RegExp): number {
  const [, found] = pattern.exec(content) ?? [];
  if (found === undefined) throw new Error(`there is no ${pattern.source}`);
  return Number(found);
}

const [, VARIABLES = ''] = /^ENV (.*)$/m.exec(DOCKERFILE) ?? [];
const IMAGE = settingsIn(VARIABLES.replaceAll(' ', '\n'));
const UNIT_SETTINGS = settingsIn(UNIT.replaceAll(/^Environment=/gm, ''));
const COMPOSE_GATEWAY = service('gateway-1').environment ?? {};
const KUBERNETES = {
  ...settingsIn(read('kubernetes/example/settings.env')),
  ...Object.fromEntries((CONTAINER?.env ?? []).map(({ name, value = '' }) => [name, value])),
};
/** What compose takes from whoever calls it, and what the unit leaves to the machine's own file. */
const OF_THE_MACHINE = {
  HANDOFF_BASE_URL: 'https://lending.bank.example',
  HANDOFF_USERNAME: 'surehand',
  BILLING_CARE_BASE_URL: 'https://billing.bank.example',
  BILLING_CARE_CLIENT_ID: 'surehand',
  AUTH_ISSUER: 'https://id.bank.example',
  AUTH_AUDIENCE: 'surehand',
};
const OF_ETC = { ...OF_THE_MACHINE, HANDOFF_AUTH: 'platojwt', BILLING_CARE_AUTH: 'bcws' };

function interpolated(settings: Readonly<Record<string, string>>): Record<string, string> {
  const own: Record<string, string> = OF_THE_MACHINE;
  const value = (text: string) =>
    text.replace(
      /\$\{(\w+):([?-])([^}]*)\}/,
      (_, name: string, kind: string, other: string) => own[name] ?? (kind === '-' ? other : ''),
    );
  return Object.fromEntries(Object.entries(settings).map(([name, text]) => [name, value(text)]));
}

describe('the settings of', () => {
  let directory: string;
  beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'surehand-test-'))));
  afterAll(() => {
    rmSync(directory, { recursive: true });
  });

  it.each<[string, Record<string, string>]>([
    ['the unit', { ...OF_ETC, ...UNIT_SETTINGS }],
    ['compose', { ...IMAGE, ...interpolated(COMPOSE_GATEWAY) }],
    ['Kubernetes', { ...IMAGE, ...KUBERNETES }],
  ])('%s are known, and a gateway starts for production with them', async (_, settings) => {
    expect(settings).toMatchObject(AS_DEPLOYED);
    const names = Object.keys(settings).filter((name) => !(name in AS_DEPLOYED));
    const secrets = names.filter((name) => name.endsWith('_FILE')).map((name) => name.replace(/_FILE$/, ''));
    for (const name of names) expect(Object.keys(SETTINGS)).toContain(name.replace(/_FILE$/, ''));
    for (const name of secrets) expect(SETTINGS).toHaveProperty([name, 'secret'], true);
    const { code, stdout, stderr } = await checkedConfig({
      ...settings,
      ...writeSecrets(directory, secrets),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      NODE_ENV: 'production',
      DATA_DIR: '/var/lib/surehand',
      AUDIT_SIGNING_KEY: 'set',
    });
  });
});

describe('each way to deploy', () => {
  const flags = scripts.start.split(' ').slice(1);

  it('runs what npm start runs', () => {
    expect(DOCKERFILE).toContain(`ENTRYPOINT ${JSON.stringify(['node', ...flags]).replaceAll(',', ', ')}`);
    expect(UNIT).toContain(`ExecStart=/usr/bin/node ${flags.join(' ')}\n`);
  });

  it('runs the sandbox as npm run sandbox does', () => {
    expect(scripts.sandbox.split(' && ').at(-1)).toBe(service('sandbox').command?.join(' '));
  });

  it.each([
    ['the unit', numberIn(UNIT, /^TimeoutStopSec=(\d+)$/m)],
    ['compose', numberIn(service('gateway-1').stop_grace_period ?? '', /^(\d+)s$/)],
    [
      'Kubernetes, after its pause',
      (POD?.terminationGracePeriodSeconds ?? 0) -
        numberIn(CONTAINER?.lifecycle?.preStop?.exec?.command?.join(' ') ?? '', /^sleep (\d+)$/),
    ],
  ])('waits longer for the end of a gateway than that takes: %s', (_, seconds) => {
    expect(seconds).toBeGreaterThan(STOPS_WITHIN_S);
  });

  it('probes routes that there are, on the port where the gateway listens', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    const { app, routes } = await builtGateway(dataDir);
    const open = routes
      .filter(({ method, access }) => method === 'GET' && access === 'public')
      .map(({ path }) => path);
    await app.close();
    rmSync(dataDir, { recursive: true });
    const probes = [CONTAINER?.startupProbe, CONTAINER?.livenessProbe, CONTAINER?.readinessProbe];
    const image = /127\.0\.0\.1:\$\{process\.env\.PORT \|\| (\d+)\}(\/[a-z/]+)/.exec(DOCKERFILE);
    const probed = [...probes.map((probe) => probe?.httpGet?.path), image?.[2]];
    for (const path of probed) expect(open).toContain(path);
    const port = SETTINGS.PORT.fallback;
    expect(image?.[1]).toBe(String(port));
    expect(DOCKERFILE).toContain(`EXPOSE ${port}\n`);
  });

  it('is told alive by the health check of the image while it is, and dead when nobody listens', async () => {
    const [, command = ''] = /HEALTHCHECK[^]*?CMD (\[.*\])$/m.exec(DOCKERFILE) ?? [];
    const [, ...commandLine] = JSON.parse(command) as string[];
    const check = (port: string): number | null =>
      spawnSync(process.execPath, commandLine, { env: { PORT: port } }).status;
    const gateway = await Gateway.start(OF_THE_MACHINE);
    try {
      expect(check(new URL(gateway.url).port)).toBe(0);
      expect(check(String(await freePort()))).toBe(1);
    } finally {
      await gateway.discard();
    }
  });

  it('is allowed the memory that the gateway is started for, and as much again', () => {
    const heap = numberIn(scripts.start, /--max-old-space-size=(\d+)/);
    const limits = [
      numberIn(UNIT, /^MemoryMax=(\d+)M$/m),
      numberIn(service('gateway-1').mem_limit ?? '', /^(\d+)m$/),
      numberIn(String(CONTAINER?.resources?.limits?.['memory']), /^(\d+)Mi$/),
    ];
    for (const limit of limits) expect(limit).toBeGreaterThanOrEqual(2 * heap);
  });

  it('never has nginx send a request again', () => {
    expect(read('nginx/nginx.conf')).toMatch(/^ +proxy_next_upstream off;$/m);
  });
});

it('gives the builder of the image what it copies, and nothing that may hold a secret', () => {
  const ignored = read('../.dockerignore').split('\n');
  const copied = [...DOCKERFILE.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, files = '']) =>
    files.split(' '),
  );
  expect(ignored.filter((line) => line.startsWith('!')).sort()).toEqual(
    [...new Set(copied)].map((file) => `!${file}`).sort(),
  );
  expect(ignored.filter((line) => !/^(#|!|$)/.test(line))).toEqual(['*', 'src/**/*.spec.ts']);
});

it('runs in the image as a user that is not root', () => {
  expect(DOCKERFILE).toMatch(/^USER 1000:1000$/m);
});

// Debian and Ubuntu bring it with systemd; a machine without systemd has no use for the unit.
const ANALYZE = installed('SYSTEMD_ANALYZE_PATH', ['/usr/bin/systemd-analyze']);
describeWith('systemd-analyze', ANALYZE, 'the unit', (analyze) => {
  it('is exposed no more than it must be, as systemd sees it', () => {
    const unit = join(DEPLOY, 'systemd/surehand.service');
    const { status, stdout, stderr } = spawnSync(
      analyze,
      ['security', '--offline=yes', '--threshold=20', '--no-pager', unit],
      { encoding: 'utf8' },
    );
    expect({ stderr, status, told: stdout.split('\n').at(-2) }).toEqual({
      stderr: '',
      status: 0,
      told: expect.stringMatching(/exposure level for surehand\.service: [01]\.\d OK/) as unknown,
    });
  });

  it('has no line that systemd does not understand', () => {
    // Whether its programs are there is another machine's matter.
    const { stderr } = spawnSync(analyze, ['verify', '--man=no', join(DEPLOY, 'systemd/surehand.service')], {
      encoding: 'utf8',
    });
    expect(stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'))).toEqual(
      [],
    );
  });
});
