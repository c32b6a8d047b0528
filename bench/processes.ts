import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from './contestant.js';

/** What is measured has the first core for itself; everything else shares the others, and its children inherit them. */
const MEASURED = '0';
const OTHERS = `1-${availableParallelism() - 1}`;
/** Of the clock in /proc, on every Linux that Node runs on. */
const US_PER_TICK = 10_000;

/** Moves this process, and whatever it starts from now on, off the core of what is measured. */
export function stayAside(): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', OTHERS, String(process.pid)], { stdio: 'ignore' });
}

/** A process on its core. Its standard output goes nowhere, as a log does that another process takes. */
export class Pinned {
  private readonly said: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly isMeasured: boolean,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.said.push(text));
  }

  static start({ argv, env = {}, beside = false }: Command): Pinned {
    const child = spawn('taskset', ['--cpu-list', beside ? OTHERS : MEASURED, ...argv], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new Pinned(child, !beside);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Why it is no longer there; undefined while it is. */
  get failure(): string | undefined {
    return this.child.exitCode === null ? undefined : `it ended: ${this.said.join('').slice(-2_000)}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Time that a process, all of its threads and its children have computed, µs. */
export function cpuUs(pid: number): number {
  return sum(family(pid), (each) => {
    const fields = statOf(each);
    return (Number(fields[11]) + Number(fields[12])) * US_PER_TICK;
  });
}

/** Memory of a process and its children, MiB. */
export function rssMiB(pid: number): number {
  const kib = (each: number): number =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1]);
  return sum(family(pid), kib) / 1_024;
}

export function parentOf(pid: number): number {
  return Number(statOf(pid)[1]);
}

/** What the machine did so far, in ticks: all, idle, and stolen by its host. */
export interface Machine {
  readonly all: number;
  readonly stolen: number;
}

export function machine(): Machine {
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/).slice(1, 9).map(Number) ?? [];
  return { all: sum(ticks, Number), stolen: ticks[7] ?? 0 };
}

/** The fields of /proc/[pid]/stat after the name, which may hold anything (proc_pid_stat(5)). */
function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
}

function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return [pid, ...children.map(Number)];
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
