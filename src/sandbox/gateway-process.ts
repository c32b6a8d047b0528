import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const entryPoint = fileURLToPath(new URL('../main.js', import.meta.url));
const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly scripts: { readonly start: string };
};
/** What `npm start`, which is `node <flags> dist/main.js`, has Node do with memory and threads. */
const flags = scripts.start.split(' ').slice(1, -1);
/** Ends the gateway, in order, when the sandbox is gone, even by `kill -9`: then the gateway's input ends. */
const leash = `
import { isMainThread } from 'node:worker_threads';
if (isMainThread) process.stdin.on('close', () => process.kill(process.pid, 'SIGTERM')).resume().unref();
`;
const startLimitMs = 30_000;
const stopLimitMs = 10_000;

/** The gateway as a process of its own, run from the same build as the sandbox. */
export class GatewayProcess {
  /** Settles with the reason when the gateway ends, whoever ended it. */
  readonly ended: Promise<string>;

  private readonly child: ChildProcess;

  constructor(env: NodeJS.ProcessEnv) {
    const preload = `data:text/javascript,${encodeURIComponent(leash)}`;
    this.child = spawn(process.execPath, [...flags, '--import', preload, entryPoint], {
      env,
      stdio: ['pipe', 'inherit', 'inherit'],
      // In a process group of its own a Ctrl-C does not reach it, so that only stop() ends it, and in order.
      detached: process.platform !== 'win32',
    });
    this.ended = new Promise((resolve) => {
      this.child.once('error', (error) => {
        resolve(`it could not be started: ${error.message}`);
      });
      this.child.once('exit', (code, signal) => {
        resolve(signal === null ? `it exited with code ${code ?? 'unknown'}` : `it was ended by ${signal}`);
      });
    });
    process.once('exit', () => this.child.kill('SIGKILL'));
  }

  /**
   * Waits until the gateway answers.
   * @param url where it answers 200 once it is ready
   * @throws Error when it ends before, or takes longer than 30 seconds
   */
  async ready(url: string): Promise<void> {
    const deadline = Date.now() + startLimitMs;
    let endReason: string | undefined;
    void this.ended.then((reason) => {
      endReason = reason;
    });
    while (Date.now() < deadline) {
      if (await answersOk(url)) {
        return;
      }
      await Promise.race([this.ended, pause(100)]);
      if (endReason !== undefined) {
        throw new Error(`The gateway did not start: ${endReason}.`);
      }
    }
    throw new Error(`The gateway did not answer at ${url} within ${startLimitMs / 1000} seconds.`);
  }

  /** Asks the gateway to stop; after 10 seconds it is stopped. */
  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const limit = setTimeout(() => this.child.kill('SIGKILL'), stopLimitMs);
    await this.ended;
    clearTimeout(limit);
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}
