import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'prettier';
import { SETTINGS } from '../src/platform/config/settings.js';
import { builtGateway } from './support/built-gateway.js';
import { writeSecrets } from './support/deployment.js';
import { Gateway, checkedConfig, freePort } from './support/gateway.js';
import { describeWith, installed } from './support/installed.js';

const DEPLOY = join(import.meta.dirname, '../deploy');
const FILES = readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' });
const read = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8');
const { scripts } = JSON.parse(read('../package.json')) as { readonly scripts: { readonly start: string } };

const DOCKERFILE = read('Dockerfile');
const UNIT = read('systemd/surehand.service');
const COMPOSE = read('compose/compose.yaml');
const STATEFUL_SET = read('kubernetes/base/gateway.yaml');
const KUBERNETES_SETTINGS = read('kubernetes/example/settings.env');

/** What AppStop takes at most, s. */
const STOPS_WITHIN_S = 25;

/** The first number that a pattern finds. */
function numberIn(content: string, pattern: RegExp): number {
  const [, found] = pattern.exec(content) ?? [];
  if (found === undefined) throw new Error(`there is no ${pattern.source}`);
  return Number(found);
}

/** Settings as they stand in a file; the pattern finds name and value. */
function settingsIn(content: string, pattern: RegExp): Record<string, string> {
  return Object.fromEntries(
    [...content.matchAll(pattern)].map(([, name = '', value = '']): [string, string] => [name, value]),
  );
}

const IMAGE = settingsIn(
  DOCKERFILE.replace(/^ENV (.*)$/m, (_, all: string) => all.replaceAll(' ', '\n')),
  /^([A-Z_]+)=(\S+)$/gm,
);
const UNIT_SETTINGS = settingsIn(UNIT, /^Environment=([A-Z_]+)=(.*)$/gm);
const COMPOSE_GATEWAY = settingsIn(COMPOSE.split('\nservices:')[0] ?? '', /^ {4}([A-Z][A-Z_]+): (.*)$/gm);
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

function interpolated(settings: Record<string, string>): Record<string, string> {
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
    ['Kubernetes', { ...IMAGE, ...settingsIn(KUBERNETES_SETTINGS, /^([A-Z_]+)=(.*)$/gm) }],
  ])('%s are known, and a gateway starts for production with them', async (_, settings) => {
    const names = Object.keys(settings);
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

  it.each([
    ['the unit', numberIn(UNIT, /^TimeoutStopSec=(\d+)$/m)],
    ['compose', numberIn(COMPOSE, /x-gateway[^]*?stop_grace_period: (\d+)s/)],
    [
      'Kubernetes, after its pause',
      numberIn(STATEFUL_SET, /terminationGracePeriodSeconds: (\d+)/) -
        numberIn(STATEFUL_SET, /\[sleep, '(\d+)'\]/),
    ],
  ])('waits longer for the end of a gateway than that takes: %s', (_, seconds) => {
    expect(seconds).toBeGreaterThan(STOPS_WITHIN_S);
  });

  it('serves until the readiness probe has given up', () => {
    const [, probe = ''] = /readinessProbe:([^]*?)lifecycle:/.exec(STATEFUL_SET) ?? [];
    const noticed = numberIn(probe, /periodSeconds: (\d+)/) * numberIn(probe, /failureThreshold: (\d+)/);
    expect(numberIn(KUBERNETES_SETTINGS, /^DRAIN_SECONDS=(\d+)$/m)).toBeGreaterThanOrEqual(noticed);
  });

  it('probes routes that there are, on the port where the gateway listens', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    const { app, routes } = await builtGateway(dataDir);
    const open = routes
      .filter(({ method, access }) => method === 'GET' && access === 'public')
      .map(({ path }) => path);
    await app.close();
    rmSync(dataDir, { recursive: true });
    const probed = [...`${STATEFUL_SET}${DOCKERFILE}`.matchAll(/\/health\/\w+/g)].map(([path]) => path);
    expect(probed).toHaveLength(4);
    for (const path of probed) expect(open).toContain(path);
    const port = SETTINGS.PORT.fallback;
    expect(STATEFUL_SET).toContain(`containerPort: ${port} }`);
    expect(DOCKERFILE).toContain(`EXPOSE ${port}\n`);
    expect(COMPOSE).toContain(`gateway-1:${port}/`);
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
    for (const limit of [/MemoryMax=(\d+)M/, /mem_limit: (\d+)m/, /limits: \{ memory: (\d+)Mi/])
      expect(numberIn(`${UNIT}${COMPOSE}${STATEFUL_SET}`, limit)).toBeGreaterThanOrEqual(2 * heap);
  });

  it('changes lines in the reference configuration of nginx that are there', () => {
    const replaced = [...COMPOSE.matchAll(/s\/([\d.]+:\d+)\//g)].map(([, address = '']) => address);
    expect(replaced).toHaveLength(2);
    for (const address of replaced) expect(read('nginx/nginx.conf')).toContain(`server ${address};`);
  });

  it('never has a request sent again by what stands before it', () => {
    expect(read('kubernetes/example/ingress.yaml')).toContain(
      "ingress.kubernetes.io/proxy-next-upstream: 'off'",
    );
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

describe('the manifests', () => {
  const manifests = FILES.filter((file) => file.endsWith('.yaml'));

  it.each(manifests)('are YAML: %s', async (file) => {
    expect(await format(read(file), { parser: 'yaml' })).not.toBe('');
  });

  it('of Kubernetes are all part of what is applied', () => {
    for (const directory of ['base', 'example']) {
      const { kustomization = '', ...others } = Object.fromEntries(
        manifests
          .filter((file) => file.startsWith(`kubernetes/${directory}/`))
          .map((file) => [file.replace(/^.*\/(.*)\.yaml$/, '$1'), read(file)]),
      );
      for (const name of Object.keys(others)) expect(kustomization).toContain(` ${name}.yaml\n`);
    }
  });

  it('let a gateway neither be root, nor write beside its data, nor use a token of the cluster', () => {
    for (const line of [
      'runAsNonRoot: true',
      'readOnlyRootFilesystem: true',
      'allowPrivilegeEscalation: false',
      'capabilities: { drop: [ALL] }',
      'automountServiceAccountToken: false',
    ])
      expect(STATEFUL_SET).toContain(line);
    expect(COMPOSE).toMatch(/read_only: true\n {2}cap_drop: \[ALL\]/);
    expect(DOCKERFILE).toMatch(/^USER 1000:1000$/m);
  });
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
