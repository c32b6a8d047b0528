import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import type { Command } from './contestant.js';

/** Which cores are whose, as taskset takes them. */
export interface Shares {
  /** Of the first and of the second process that are measured: each has one for itself where there are enough. */
  readonly measured: readonly [string, string];
  /** Of everything else. */
  readonly others: string;
}

/** @throws Error if there are not enough cores to measure anything */
export function shares(cores = cpus().length): Shares {
  if (cores < 2) throw new Error('It needs two cores: one for what is measured, another one for the rest.');
  return cores < 4
    ? { measured: ['0', '0'], others: `1-${cores - 1}` }
    : { measured: ['0', '1'], others: `2-${cores - 1}` };
}

/** Of the clock in /proc, on every Linux that Node runs on. */
const US_PER_TICK = 10_000;

/** Moves this process, and whatever it starts from now on, off the core of what is measured. */
export function stayAside(): void {
  const command = ['--all-tasks', '--cpu-list', '--pid', shares().others, String(process.pid)];
  execFileSync('taskset', command, { stdio: 'ignore' });
}

/** A process on its core. Its standard output goes nowhere, as a log does that another process takes. */
export class Pinned {
  private static readonly running = new Set<Pinned>();
  private readonly said: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    readonly isMeasured: boolean,
  ) {
    Pinned.running.add(this);
    child.once('exit', () => Pinned.running.delete(this));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.said.push(text));
  }

  static start({ argv, env = {}, beside = false, second = false }: Command): Pinned {
    const { measured, others } = shares();
    const cores = beside ? others : measured[second ? 1 : 0];
    const child = spawn('taskset', ['--cpu-list', cores, ...argv], {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return new Pinned(child, !beside);
  }

  static async stopAll(): Promise<void> {
    await Promise.all([...Pinned.running].map((each) => each.stop()));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Why it is no longer there; undefined while it is. */
  get failure(): string | undefined {
    return this.child.exitCode === null && this.child.signalCode === null
      ? undefined
      : `it ended: ${this.said.join('').slice(-2_000)}`;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Time that a process, all of its threads and its children have computed, µs; children that ended count, too. */
export function cpuUs(pid: number): number {
  return US_PER_TICK * sum(family(pid), (each) => sum(statOf(each).slice(11, 15), Number));
}

/** Memory of a process and its children, MiB. */
export function rssMiB(pid: number): number {
  const kib = (each: number): number => Number(/VmRSS:\s+(\d+)/.exec(read(`/proc/${each}/status`))?.[1] ?? 0);
  return sum(family(pid), kib) / 1_024;
}

/** What all cores did so far, in ticks, and what of it their host gave to others. */
export interface Machine {
  readonly all: number;
  readonly stolen: number;
}

export function machine(): Machine {
  const ticks = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/\s+/).slice(1, 9).map(Number) ?? [];
  return { all: sum(ticks, Number), stolen: ticks[7] ?? 0 };
}

const COMPUTATION = `
  const bytes = Buffer.alloc(32 * 1024 * 1024, 1);
  const begun = performance.now();
  require('node:crypto').createHash('sha256').update(bytes).digest();
  console.log(performance.now() - begun);`;

/** How long the core of what is measured takes at the moment for always the same computation, ms. */
export function yardstick(): number {
  const command = ['--cpu-list', shares().measured[0], process.execPath, '--eval', COMPUTATION];
  return Number(execFileSync('taskset', command, { encoding: 'utf8' }));
}

/** The fields of /proc/[pid]/stat after the name, which may hold anything (proc_pid_stat(5)); none once it ended. */
function statOf(pid: number): string[] {
  return read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
}

function family(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
  return [pid, ...children.map(Number)];
}

/** A file of a process, which may end at any moment. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
