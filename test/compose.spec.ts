import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../src/platform/config/settings.js';
import { COMPOSE, DEPLOY, manifest, read, service, type Service } from './support/manifests.js';

const SERVICES = Object.entries(COMPOSE.services);
/** What runs our code, or reads our figures, and needs no more than a user without rights. */
const CONFINED = ['gateway-1', 'gateway-2', 'migrate', 'prometheus', 'grafana'];

const withDefault = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

describe('compose has two gateways', () => {
  it('that differ in their volume only', () => {
    const [first, second] = ['gateway-1', 'gateway-2'].map(service);
    expect({ ...first, volumes: [] }).toEqual({ ...second, volumes: [] });
    expect([first, second].map((gateway) => gateway?.volumes)).toEqual([
      ['gateway-1:/var/lib/surehand'],
      ['gateway-2:/var/lib/surehand'],
    ]);
  });

  it('that nginx balances, by lines of its reference configuration that are there', () => {
    const [, , script = ''] = service('nginx').command ?? [];
    const replaced = [...script.matchAll(/s\/([\d.]+:\d+)\/(\S+)\//g)];
    const port = SETTINGS.PORT.fallback;
    expect(replaced.map(([, , to]) => to)).toEqual([`gateway-1:${port}`, `gateway-2:${port}`]);
    for (const [, from = ''] of replaced) expect(read('nginx/nginx.conf')).toContain(`server ${from};`);
  });
});

it('compose changes tables as their owner, otherwise as a gateway, and only when it is asked to', () => {
  const [gateway, migrate] = ['gateway-1', 'migrate'].map(service);
  expect(migrate).toMatchObject({ profiles: ['migrate'], restart: 'no', command: ['--migrate'] });
  expect(migrate?.image).toBe(gateway?.image);
  expect(migrate?.environment).toEqual({
    ...gateway?.environment,
    DATABASE_URL_FILE: '/run/secrets/owner-database-url',
  });
});

describe('a service of compose', () => {
  it.each(CONFINED)('cannot become more than it is, nor write beside its data: %s', (name) => {
    expect(service(name)).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      pids_limit: expect.any(Number) as unknown,
      mem_limit: expect.stringMatching(/^\d+m$/) as unknown,
    });
    // Root neither by its image, which the Dockerfile's test sees to, nor here.
    expect(service(name)).not.toHaveProperty('user');
  });

  it.each(SERVICES)('has no right over the machine: %s', (_name, { volumes = [], ...other }) => {
    for (const right of ['privileged', 'cap_add', 'devices', 'pid', 'ipc', 'userns_mode'])
      expect(other).not.toHaveProperty(right);
    // Data of its own, or a file of ours that it cannot change.
    for (const volume of volumes) {
      if (volume.startsWith('.')) expect(volume).toMatch(/:ro$/);
      else expect(Object.keys(COMPOSE.volumes)).toContain(volume.split(':')[0]);
    }
  });

  it('is reached from other machines only through nginx', () => {
    const outside = (ports: readonly string[] = []): string[] =>
      ports.map(withDefault).filter((port) => !port.startsWith('127.0.0.1:'));
    const open = SERVICES.map(([name, { ports }]): [string, string[]] => [name, outside(ports)]);
    expect(open.filter(([, ports]) => ports.length > 0)).toEqual([['nginx', ['8080:8080']]]);
    // It is for one's own machine, and never started unless it is named.
    const onTheHost = SERVICES.filter(([, { network_mode }]) => network_mode !== undefined);
    expect(onTheHost.map(([name, { profiles }]) => [name, profiles])).toEqual([['sandbox', ['sandbox']]]);
  });

  it.each(SERVICES.filter(([, { image }]) => image !== undefined))(
    'is of one version: %s',
    (_name, { image }) => {
      expect(image).toMatch(/:v?\d+(\.\d+)*$/);
    },
  );

  it.each(['database', 'prometheus', 'grafana'])('says whether it is well: %s', (name) => {
    expect(service(name).healthcheck?.test[0]).toBe('CMD');
  });

  it('is given files that are there', () => {
    const files = SERVICES.flatMap(([, { volumes = [] }]) => volumes).filter((each) => each.startsWith('.'));
    expect(files.length).toBeGreaterThan(4);
    for (const file of files)
      expect({ file, there: existsSync(join(DEPLOY, 'compose', file.split(':')[0] ?? '')) }).toEqual({
        file,
        there: true,
      });
  });
});

describe('a secret of compose', () => {
  const named = ({ environment = {} }: Service): [string, string][] =>
    Object.entries(environment).filter(([name]) => name.endsWith('_FILE'));

  it.each(SERVICES)('is a file that the service is given: %s', (_name, each) => {
    const files = named(each).map(([, file]) => file.replace('/run/secrets/', ''));
    expect(files.sort()).toEqual([...(each.secrets ?? [])].sort());
    for (const file of files) expect(COMPOSE.secrets[file]).toEqual({ file: `secrets/${file}` });
  });

  it('never stands in the environment of a gateway', () => {
    const names = Object.keys(service('gateway-1').environment ?? {});
    const secrets = Object.entries(SETTINGS).filter(([, { secret }]) => secret === true);
    expect(secrets.length).toBeGreaterThan(4);
    for (const [name] of secrets) expect(names).not.toContain(name);
  });
});

describe('Prometheus of compose', () => {
  interface Scraping {
    readonly rule_files: readonly string[];
    readonly scrape_configs: readonly {
      readonly job_name: string;
      readonly static_configs: readonly { readonly targets: readonly string[] }[];
    }[];
  }
  const { rule_files, scrape_configs } = manifest('prometheus/prometheus.yaml') as Scraping;

  it('scrapes each gateway where that tells its figures, under the name that the alerts know', () => {
    const { METRICS_PORT: port = '', METRICS_HOST } = service('gateway-1').environment ?? {};
    expect(METRICS_HOST).toBe('0.0.0.0');
    expect(scrape_configs).toMatchObject([
      {
        job_name: 'surehand',
        static_configs: [{ targets: [`gateway-1:${port}`, `gateway-2:${port}`] }],
      },
    ]);
    expect(rule_files).toEqual(['alerts.yaml']);
    expect(read('prometheus/alerts.yaml')).toContain('{job="surehand"}');
  });

  it('finds its rules beside its configuration', () => {
    const { command = [], volumes = [] } = service('prometheus');
    expect(command).toContain('--config.file=/etc/surehand/prometheus.yaml');
    for (const file of ['prometheus.yaml', ...rule_files])
      expect(volumes).toContain(`../prometheus/${file}:/etc/surehand/${file}:ro`);
  });
});
