import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly scripts: { readonly start: string };
};
/** What every process of a test gets. Compiling the same modules anew took a fifth of a start. */
export const ENVIRONMENT = {
  PATH: process.env['PATH'],
  NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
};
/** The settings without which nothing starts. Nobody is at these addresses. */
export const REQUIRED = {
  HANDOFF_BASE_URL: 'http://127.0.0.1:9',
  BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
  AUTH_ISSUER: 'http://127.0.0.1:9',
  AUTH_AUDIENCE: 'surehand',
};
/** What `npm start` gives to Node. */
export const START_ARGUMENTS = scripts.start.replace('dist/', `${ROOT}/dist/`).split(' ').slice(1);

/** The built gateway as a process of its own, configured by its environment like any other. */
export class Gateway {
  private constructor(
    readonly url: string,
    readonly dataDir: string,
    private readonly process: ChildProcess,
    private readonly output: string[],
  ) {}

  /** Starts it and waits until it answers. `settings` override what a test needs not care about. */
  static async start(settings: Record<string, string>): Promise<Gateway> {
    const dataDir = settings['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'surehand-test-'));
    const port = settings['PORT'] ?? String(await freePort());
    const url = `http://127.0.0.1:${port}`;
    const { child, output } = launch({
      HOST: '127.0.0.1',
      PORT: port,
      PUBLIC_URL: url,
      DATA_DIR: dataDir,
      LOG_LEVEL: 'debug',
      RATE_LIMIT_PER_MINUTE: '0',
      DRAIN_SECONDS: '0',
      ...settings,
    });
    const gateway = new Gateway(url, dataDir, child, output);
    await gateway.ready();
    return gateway;
  }

  /** Everything it has logged so far, a line each. */
  get log(): readonly string[] {
    return this.output.join('').split('\n');
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  /** Resolves once it says that it is to be given requests, which takes the keys of its issuer. */
  async untilReady(): Promise<void> {
    while ((await fetch(`${this.url}/health/ready`)).status !== 200) await sleep(20);
  }

  /** Sends a signal and resolves with the exit code once the process has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill(signal);
      await ended;
    }
    return this.process.exitCode;
  }

  /** Stops it and removes its data. */
  async discard(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    const until = Date.now() + 30_000;
    while (Date.now() < until && this.process.exitCode === null) {
      try {
        await fetch(`${this.url}/problems`);
        return;
      } catch {
        await sleep(20);
      }
    }
    await this.stop('SIGKILL');
    throw new Error(`the gateway did not start:\n${this.output.join('')}`);
  }
}

/** Starts a gateway that is expected to refuse; one that goes on is stopped, and its exit code is null. */
export async function refusedStart(
  settings: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = launch(settings);
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, output: output.join('') };
}

/** What the gateway's program comes to that is asked for something else than to serve. */
export interface Commanded {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Whether settings would start a gateway, by `--check-config`. */
export function checkedConfig(settings: Record<string, string>): Promise<Commanded> {
  return commanded(settings, ['--check-config']);
}

/** Runs the gateway's program with these arguments; `whileItRuns` may do something to it. */
export async function commanded(
  settings: Record<string, string>,
  commandLine: readonly string[],
  whileItRuns: (child: ChildProcess) => Promise<void> = () => Promise.resolve(),
): Promise<Commanded> {
  const child = spawn(process.execPath, [...START_ARGUMENTS, ...commandLine], {
    env: { ...ENVIRONMENT, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Longer than any of it takes, so that one that started a gateway after all fails its test.
    timeout: 10_000,
    killSignal: 'SIGKILL',
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  await whileItRuns(child);
  const [stdout, stderr] = await ended;
  return { code: child.exitCode, stdout, stderr };
}

/** Starts a gateway, sends it SIGTERM while it starts, and tells how it ended and how long that took. */
export async function interruptedStart(
  settings: Record<string, string>,
  afterMs: number,
): Promise<{ code: number | null; signal: NodeJS.Signals | null; tookMs: number; output: string }> {
  const { child, output } = launch({ HOST: '127.0.0.1', PORT: String(await freePort()), ...settings });
  const closed = once(child, 'close');
  await new Promise((resolve) => setTimeout(resolve, afterMs));
  const sent = performance.now();
  child.kill('SIGTERM');
  await closed;
  const { exitCode: code, signalCode: signal } = child;
  return { code, signal, tookMs: performance.now() - sent, output: output.join('') };
}

function launch(settings: Record<string, string>): { child: ChildProcess; output: string[] } {
  const output: string[] = [];
  const child = spawn(process.execPath, START_ARGUMENTS, {
    env: { ...ENVIRONMENT, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  return { child, output };
}

/**
 * Below the ports that a system hands out by itself, so that nobody else is given one between now and its use;
 * each worker of jest has its own.
 */
const FIRST_PORT = 11_000 + 5_000 * (Number(process.env['JEST_WORKER_ID'] ?? 0) % 4);
const PORTS = 5_000;
let nextPort = Math.floor(Math.random() * PORTS);

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + (nextPort++ % PORTS);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
