import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jest } from '@jest/globals';
import { choose } from '../bench/choice.js';
import type { Contestant, Group } from '../bench/contestant.js';
import { readOptions } from '../bench/options.js';
import { shares } from '../bench/processes.js';
import { World } from '../bench/world.js';
import { eventually } from './support/eventually.js';
import { ACTION_PATH } from './support/landscape.js';
import { describeWith, installed } from './support/installed.js';
import { OpenIdProvider } from './support/openid-provider.js';
import { PostgresServer } from './support/postgres.js';

describe('the command line of the benchmark', () => {
  it.each([
    ['growth --rounds 2 --page', { what: 'growth', rounds: 2, page: true }],
    ['--only nest --only bearer', { what: 'peers', rounds: 3, only: ['nest', 'bearer'] }],
    ['page', { what: 'page' }],
  ])('is understood: %s', (line, options) => {
    expect(readOptions(line.split(' '))).toMatchObject(options);
  });

  it.each([
    ['--only nest --page', '--only keeps nothing that --page could show'],
    ['page --rounds 9', 'page measures nothing: it takes no --rounds'],
    ['page --only nest', 'page measures nothing: it takes no --only'],
    ['page --page', 'page measures nothing: it takes no --page'],
    ['--rounds 0', '--rounds takes a whole number, 1 or more'],
    ['peers growth', 'it measures peers, growth, page'],
  ])('is refused rather than ignored in part: %s', (line, because) => {
    expect(() => readOptions(line.split(' '))).toThrow(because);
  });
});

describe('what the benchmark measures', () => {
  const named = (name: string): Contestant => ({
    name,
    commands: () => [],
    write: () => ({ path: '/', headers: {}, body: '' }),
  });
  const groups: readonly Group[] = [
    { title: 'connections', contestants: [named('1'), named('8')] },
    { title: 'replicas', contestants: [named('1')] },
  ];
  const chosen = (...only: string[]): string[] =>
    choose(groups, only).map(({ group, contestant }) => `${group} ${contestant.name}`);

  it.each<[string[], string[]]>([
    [[], ['connections 1', 'connections 8', 'replicas 1']],
    [['1'], ['connections 1', 'replicas 1']],
    [
      ['replicas', '8'],
      ['connections 8', 'replicas 1'],
    ],
  ])('has one of these in its name, or in that of its group: %j', (only, found) => {
    expect(chosen(...only)).toEqual(found);
  });

  it('is not silently less than was asked for', () => {
    expect(() => chosen('replicas', 'nset')).toThrow('nothing that is measured has nset in its name');
  });
});

describe('the cores of a benchmark', () => {
  it.each([
    [2, ['0', '0'], '1-1'],
    [3, ['0', '0'], '1-2'],
    [4, ['0', '1'], '2-3'],
    [16, ['0', '1'], '2-15'],
  ])('are shared: %i', (cores, measured, others) => {
    expect(shares(cores)).toEqual({ measured, others });
  });

  it('are two at least', () => {
    expect(() => shares(1)).toThrow('It needs two cores');
  });
});

const NGINX = installed('NGINX_PATH', ['/usr/sbin/nginx', '/usr/bin/nginx']);
const TASKSET = installed('TASKSET_PATH', ['/usr/bin/taskset']);
describeWith('nginx with taskset', TASKSET && NGINX, 'what stands around a benchmark', (nginx) => {
  const path = process.env['PATH'];
  let under: string;
  beforeAll(() => {
    process.env['PATH'] = `${path ?? ''}:${dirname(nginx)}`;
    under = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  });
  afterAll(() => {
    process.env['PATH'] = path;
    rmSync(under, { recursive: true });
  });
  afterEach(() => jest.restoreAllMocks());

  /** The process of the upstream, once it runs. */
  const upstreamPid = async (): Promise<number> => {
    const [pid = 0] = await eventually(1, () =>
      globSync('*/nginx-*/nginx.pid', { cwd: under })
        .map((file) => Number.parseInt(readFileSync(join(under, file), 'utf8')))
        .filter((pid) => pid > 0),
    );
    expect(pid).toBeGreaterThan(0);
    return pid;
  };
  const runs = (pid: number): boolean => existsSync(`/proc/${pid}`);

  it('has an upstream that names the action it was asked for', async () => {
    const world = await World.start(under);
    try {
      await upstreamPid();
      const path = ACTION_PATH.replace(/[^/]+$/, '0.0.0.1+-schedule+42');
      const reply = await fetch(world.upstream + path, { method: 'PUT', body: '{}' });
      expect(await reply.json()).toMatchObject({ actionId: { id: '0.0.0.1+-schedule+42' } });
    } finally {
      await world.end();
    }
    expect(readdirSync(under)).toEqual([]);
  });

  it('is gone when the provider does not start', async () => {
    let upstream = 0;
    jest.spyOn(OpenIdProvider, 'start').mockImplementation(async () => {
      upstream = await upstreamPid();
      throw new Error('no provider');
    });
    await expect(World.start(under)).rejects.toThrow('no provider');
    expect({ runs: runs(upstream), files: readdirSync(under) }).toEqual({ runs: false, files: [] });
  });

  it('is gone at the end when the database did not start', async () => {
    jest.spyOn(PostgresServer, 'start').mockRejectedValue(new Error('no database'));
    const world = await World.start(under);
    const upstream = await upstreamPid();
    await expect(world.postgres()).rejects.toThrow('no database');
    await world.end();
    expect({ runs: runs(upstream), files: readdirSync(under) }).toEqual({ runs: false, files: [] });
    await expect(fetch(world.provider.url)).rejects.toThrow('fetch failed');
  });
});
