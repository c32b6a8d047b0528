import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ENVIRONMENT, freePort } from './gateway.js';
import { ACTION_ID, ACTION_PATH, HANDOFF_PATH, aHandoffUpdate } from './landscape.js';
import { isNoGateway } from './set-cookie-rules.js';

const MAIN = join(import.meta.dirname, '../../dist/sandbox/main.js');

/** The line that `--json` prints once everything runs. */
export interface SandboxUrls {
  readonly gateway: string;
  readonly issuer: string;
  readonly lending: string;
  readonly billing: string;
  readonly token: string;
}

export type System = 'billing' | 'lending';

/** What billing makes of 14 February 2021 in its own zone. */
export const RESCHEDULED = 1_613_241_000_000;

export type SandboxPorts = Readonly<Record<(typeof PORTS)[number], string>>;

const PORTS = ['PORT', 'SANDBOX_LENDING_PORT', 'SANDBOX_BILLING_PORT', 'SANDBOX_ISSUER_PORT'] as const;

/** The sandbox as a process of its own, on free ports. */
export class Sandbox {
  private constructor(
    readonly urls: SandboxUrls,
    readonly ports: SandboxPorts,
    readonly dataDir: string,
    private readonly child: ChildProcess,
    private readonly output: string[],
  ) {}

  /** Starts it and waits until everything runs. */
  static async start({
    args = [],
    dataDir = mkdtempSync(join(tmpdir(), 'surehand-sandbox-')),
    settings = {},
  }: { args?: string[]; dataDir?: string; settings?: Record<string, string> } = {}): Promise<Sandbox> {
    const ports = await freePorts();
    const { child, output } = launchSandbox(['--json', ...args], {
      ...ports,
      DATA_DIR: dataDir,
      ...settings,
    });
    const until = Date.now() + 15_000;
    while (Date.now() < until && child.exitCode === null) {
      const line = output
        .join('')
        .split('\n')
        .find((each) => each.startsWith('{') && each.endsWith('}'));
      if (line !== undefined) {
        const urls = JSON.parse(line) as SandboxUrls;
        isNoGateway(urls.issuer);
        return new Sandbox(urls, ports, dataDir, child, output);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    child.kill();
    throw new Error(`the sandbox did not start:\n${output.join('')}`);
  }

  /** What Node was told when it started the gateway: the flags before the program. On Linux. */
  get gatewayFlags(): string[] {
    const pid = this.child.pid ?? 0;
    const [gateway = ''] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ');
    return readFileSync(`/proc/${gateway}/cmdline`, 'utf8').split('\0').slice(1, -1);
  }

  /** Everything it has printed so far. */
  get printed(): string {
    return this.output.join('');
  }

  /** The write that the banner shows for the system, through the gateway. */
  write(system: System): Promise<Response> {
    const [path, body] =
      system === 'billing'
        ? [ACTION_PATH, { scheduledDate: '2021-02-14' }]
        : [HANDOFF_PATH, aHandoffUpdate()];
    return fetch(this.urls.gateway + path, {
      method: 'PUT',
      headers: { authorization: `Bearer ${this.urls.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  misbehave(system: System, setting: object): Promise<Response> {
    return fetch(`${this.urls[system]}/sandbox/misbehaviour`, {
      method: 'PUT',
      body: JSON.stringify(setting),
    });
  }

  /** The deferred action as billing itself shows it. */
  async action(): Promise<unknown> {
    const account = '/bcws/webresources/v1.0/deferredactions/account/0.0.0.1+-account+123123';
    const reply = await fetch(this.urls.billing + account);
    const actions = (await reply.json()) as { actionId: { id: string } }[];
    return actions.find(({ actionId }) => actionId.id === ACTION_ID);
  }

  /** The handoff as lending itself shows it. */
  async handoff(): Promise<unknown> {
    const reply = await fetch(this.urls.lending + HANDOFF_PATH.replace('/updatestatus', ''));
    return ((await reply.json()) as { data: unknown }).data;
  }

  /** Those of its ports on which something still listens. */
  async listening(): Promise<string[]> {
    const answers = await Promise.all(
      Object.values(this.ports).map((port) =>
        fetch(`http://127.0.0.1:${port}/`).then(
          () => [port],
          () => [],
        ),
      ),
    );
    return answers.flat();
  }

  /** Sends a signal and resolves with the exit code once the process has ended. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const ended = once(this.child, 'exit');
      this.child.kill(signal);
      await ended;
    }
    return this.child.exitCode;
  }

  /** Stops it and removes its data. */
  async discard(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Starts a sandbox that is expected to give up. */
export async function refusedSandbox(
  settings: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = launchSandbox([], settings);
  await once(child, 'close');
  return { code: child.exitCode, output: output.join('') };
}

/** A free port for each of its servers. */
export async function freePorts(): Promise<SandboxPorts> {
  const free = await Promise.all(PORTS.map(async (name) => [name, String(await freePort())]));
  return Object.fromEntries(free) as SandboxPorts;
}

function launchSandbox(
  args: string[],
  settings: Record<string, string>,
): { child: ChildProcess; output: string[] } {
  const output: string[] = [];
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, ...args], {
    env: { ...ENVIRONMENT, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text));
  }
  return { child, output };
}
