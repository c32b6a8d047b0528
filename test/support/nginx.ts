import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './gateway.js';

const REFERENCE = readFileSync(join(import.meta.dirname, '../../deploy/nginx/nginx.conf'), 'utf8');
const EXECUTABLE = [
  process.env['NGINX_PATH'] ?? '',
  '/usr/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/opt/homebrew/bin/nginx',
].find((path) => existsSync(path));
/** What an ordinary user cannot write elsewhere. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Tests that need nginx: left out where there is none, except in CI. */
export function describeBehindNginx(name: string, tests: () => void): void {
  if (EXECUTABLE === undefined) {
    const missing = process.env['CI'] === 'true' ? it : it.skip;
    missing(`${name} behind nginx: none is installed, nor named by NGINX_PATH`, () => {
      throw new Error('CI needs an nginx.');
    });
    return;
  }
  describe(`${name} behind nginx`, () => {
    // One that a failed test left behind would outlive the run.
    afterEach(() => Nginx.stopAll());
    tests();
  });
}

/** The reference configuration in a process of its own, on a free port and in front of given replicas. */
export class Nginx {
  private static readonly running = new Set<Nginx>();

  private constructor(
    readonly url: string,
    private readonly directory: string,
    private readonly process: ChildProcess,
    private readonly change: (configuration: string) => string,
  ) {}

  /** Starts it; `change` makes another configuration of the reference. */
  static async start(
    replicas: readonly string[],
    change: (configuration: string) => string = (same) => same,
  ): Promise<Nginx> {
    if (EXECUTABLE === undefined) throw new Error('there is no nginx');
    const directory = mkdtempSync(join(tmpdir(), 'surehand-nginx-'));
    mkdirSync(join(directory, 'logs'));
    const port = await freePort();
    const onPort = (configuration: string): string =>
      change(configuration)
        .replace('listen 8080', `listen 127.0.0.1:${port}`)
        .replace('worker_processes auto', `pid ${directory}/nginx.pid; worker_processes 1`)
        .replace(
          'http {',
          `http { access_log off; ${TEMPORARY.map((name) => `${name}_temp_path ${directory}/${name};`).join(
            ' ',
          )}`,
        );
    writeFileSync(join(directory, 'nginx.conf'), configured(replicas, onPort));
    const child = spawn(
      EXECUTABLE,
      ['-p', directory, '-c', 'nginx.conf', '-e', 'logs/error.log', '-g', 'daemon off;'],
      { stdio: 'ignore' },
    );
    const nginx = new Nginx(`http://127.0.0.1:${port}`, directory, child, onPort);
    Nginx.running.add(nginx);
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error('nginx did not start');
      await pause(20);
    }
    return nginx;
  }

  static async stopAll(): Promise<void> {
    await Promise.all([...Nginx.running].map((nginx) => nginx.stop()));
  }

  /** Balances over these replicas from now on. Resolves once a worker that does so has taken over. */
  async reload(replicas: readonly string[]): Promise<void> {
    writeFileSync(join(this.directory, 'nginx.conf'), configured(replicas, this.change));
    const before = this.workers();
    this.process.kill('SIGHUP');
    while (this.workers().every((pid) => before.includes(pid))) await pause(10);
    // Before the old worker has heard of it, it accepts a few more.
    await pause(200);
  }

  async stop(): Promise<void> {
    if (!Nginx.running.delete(this)) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  private workers(): string[] {
    return readFileSync(`/proc/${this.process.pid}/task/${this.process.pid}/children`, 'utf8')
      .split(' ')
      .filter((pid) => pid !== '');
  }
}

function configured(replicas: readonly string[], change: (configuration: string) => string): string {
  const servers = replicas.map((url) => `server ${new URL(url).host};`).join('\n');
  return change(REFERENCE).replace(/server 127\.0\.0\.1:3001;\s+server 127\.0\.0\.1:3002;/, servers);
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
