import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CONNECTIONS, type Contestant, type Write } from './contestant.js';
import { WRK_SCRIPT } from './paths.js';
import { cpuUs, machine, Pinned, rssMiB, yardstick } from './processes.js';
import type { World } from './world.js';

/** What one run of one contestant came to. */
export interface Figures {
  readonly requestsPerS: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of what is measured, in all of its threads and processes. */
  readonly cpuUsPerRequest: number;
  /** Of PostgreSQL beside it; 0 without. */
  readonly databaseCpuUsPerRequest: number;
  /** At the end. */
  readonly rssMiB: number;
  /** Of replies beyond 399 and of connections that failed; these are not among the requests per second. */
  readonly failedShare: number;
  /** What the host took from the machine meanwhile. */
  readonly stealPercent: number;
  /** What a fixed computation took just before: how fast the machine was, ms. */
  readonly yardstickMs: number;
}

export interface Durations {
  readonly warmUpS: number;
  readonly measureS: number;
}

const PATIENCE_MS = 30_000;
/** So far apart that no run gets there. */
const OBJECTS = 100_000_000;

/** Starts a contestant, warms it up, measures it and ends it. */
export async function measure(
  contestant: Contestant,
  world: World,
  { warmUpS, measureS }: Durations,
): Promise<Figures> {
  const processes = (await contestant.commands(world)).map((command) => Pinned.start(command));
  try {
    const write = await untilItAnswers(contestant, world, processes);
    const { connections = CONNECTIONS } = contestant;
    const send = (firstObject: number, seconds: number): Promise<Load> =>
      load({ url: world.url, connections, write, firstObject, seconds });
    await send(OBJECTS, warmUpS);

    const yardstickMs = yardstick();
    const measured = processes.filter(({ isMeasured }) => isMeasured).map(({ pid }) => pid);
    const database = contestant.usesDatabase === true ? await world.postgresPid() : undefined;
    const used = (pids: readonly number[]): number => pids.reduce((all, pid) => all + cpuUs(pid), 0);
    const databaseUsed = (): number => (database === undefined ? 0 : cpuUs(database));
    const before = { own: used(measured), database: databaseUsed(), machine: machine() };
    const { requests, ...figures } = await send(2 * OBJECTS, measureS);
    const after = { own: used(measured), database: databaseUsed(), machine: machine() };
    return {
      ...figures,
      cpuUsPerRequest: (after.own - before.own) / requests,
      databaseCpuUsPerRequest: (after.database - before.database) / requests,
      rssMiB: measured.reduce((all, pid) => all + rssMiB(pid), 0),
      yardstickMs,
      stealPercent:
        (100 * (after.machine.stolen - before.machine.stolen)) / (after.machine.all - before.machine.all),
    };
  } finally {
    await Promise.all(processes.map((each) => each.stop()));
  }
}

/** The write that a contestant takes, once it has taken one. */
async function untilItAnswers(
  contestant: Contestant,
  world: World,
  processes: readonly Pinned[],
): Promise<Write> {
  let last: unknown;
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    await sleep(50);
    const failure = processes.find(({ failure }) => failure !== undefined)?.failure;
    if (failure !== undefined) throw new Error(`${contestant.name} did not start: ${failure}`);
    try {
      const write = await contestant.write(world);
      const { headers, body } = write;
      const reply = await fetch(`${world.url}${write.path}1`, { method: 'PUT', headers, body });
      last = `${reply.status} ${await reply.text()}`;
      if (reply.ok) return write;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`${contestant.name} takes no write: ${String(last)}`, { cause: last });
}

/** `requests` are those that were answered well. */
type Load = Pick<Figures, 'requestsPerS' | 'p50Ms' | 'p99Ms' | 'failedShare'> & { readonly requests: number };

interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly write: Write;
  /** Number of the first object that is written to; each write has the next. */
  readonly firstObject: number;
  readonly seconds: number;
}

/** As many writes as a number of connections can send, one after the other on each. */
async function load({ url, connections, write, firstObject, seconds }: LoadOrder): Promise<Load> {
  const headers = Object.entries(write.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const { stdout } = await promisify(execFile)('wrk', [
    // wrk counts no reply that is slower than its time-out.
    ...['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', WRK_SCRIPT, ...headers, url],
    ...['--', String(firstObject), write.path, write.body],
  ]);
  const [replies = 0, us = 0, p50 = 0, p99 = 0, refused = 0, lost = 0] =
    /RESULT (.*)/.exec(stdout)?.[1]?.split(' ').map(Number) ?? [];
  const requests = replies - refused;
  if (requests === 0) throw new Error(`no request was answered well: ${stdout}`);
  return {
    requests,
    requestsPerS: (requests / us) * 1e6,
    p50Ms: p50 / 1e3,
    p99Ms: p99 / 1e3,
    failedShare: (refused + lost) / (replies + lost),
  };
}
