import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './gateway.js';
import { describeWith, installed } from './installed.js';

const REFERENCE = readFileSync(join(import.meta.dirname, '../../deploy/nginx/nginx.conf'), 'utf8');
const EXECUTABLE = installed('NGINX_PATH', [
  '/usr/sbin/nginx',
  '/usr/local/sbin/nginx',
  '/opt/homebrew/bin/nginx',
]);
/** What an ordinary user cannot write elsewhere. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** Tests that need nginx. */
export function describeBehindNginx(name: string, tests: () => void): void {
  describeWith('nginx', EXECUTABLE, `${name} behind nginx`, () => {
    // One that a failed test left behind would outlive the run.
    afterEach(() => Nginx.stopAll());
    tests();
  });
}

/** The reference configuration in a process of its own, on a free port and in front of two given replicas. */
export class Nginx {
  private static readonly running = new Set<Nginx>();

  private constructor(
    readonly url: string,
    private readonly directory: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts it; `change` makes another configuration of the reference. */
  static async start(
    replicas: readonly [string, string],
    change: (configuration: string) => string = (same) => same,
  ): Promise<Nginx> {
    if (EXECUTABLE === undefined) throw new Error('there is no nginx');
    const directory = mkdtempSync(join(tmpdir(), 'surehand-nginx-'));
    // Its workers may be another user, and look for the files of replicas here.
    chmodSync(directory, 0o755);
    mkdirSync(join(directory, 'logs'));
    const port = await freePort();
    writeFileSync(join(directory, 'nginx.conf'), configured(change(REFERENCE), replicas, port, directory));
    const child = spawn(
      EXECUTABLE,
      ['-p', directory, '-c', 'nginx.conf', '-e', 'logs/error.log', '-g', 'daemon off;'],
      { stdio: 'ignore' },
    );
    const nginx = new Nginx(`http://127.0.0.1:${port}`, directory, child);
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

  /** From now on one replica gets no request. */
  takeOut(index: number): void {
    writeFileSync(this.fileOf(index), '');
  }

  putBack(index: number): void {
    rmSync(this.fileOf(index));
  }

  async stop(): Promise<void> {
    if (!Nginx.running.delete(this)) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.directory, { recursive: true, force: true });
  }

  private fileOf(index: number): string {
    return join(this.directory, `out-${index + 1}`);
  }
}

function configured(
  reference: string,
  replicas: readonly [string, string],
  port: number,
  directory: string,
): string {
  const temporary = TEMPORARY.map((name) => `${name}_temp_path ${directory}/${name};`).join(' ');
  return reference
    .replaceAll('127.0.0.1:3001', new URL(replicas[0]).host)
    .replaceAll('127.0.0.1:3002', new URL(replicas[1]).host)
    .replaceAll('/run/surehand', directory)
    .replace('listen 8080', `listen 127.0.0.1:${port}`)
    .replace('worker_processes auto', `pid ${directory}/nginx.pid; worker_processes 1`)
    .replace('http {', `http { access_log off; ${temporary}`);
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
