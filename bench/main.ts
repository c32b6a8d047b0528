import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { format } from 'prettier';
import { choose, type Chosen } from './choice.js';
import type { Contestant } from './contestant.js';
import { CONTESTANTS } from './contestants.js';
import { GROWTH } from './growth.js';
import { measure } from './measure.js';
import { readOptions, USAGE, type Options } from './options.js';
import { report, writePage } from './page.js';
import { COMPILED_PEERS, PEERS_SOURCE } from './paths.js';
import { stayAside } from './processes.js';
import { save, type Kind, type Results, type Row } from './results.js';
import { surroundings } from './surroundings.js';
import { compile } from './typescript.mjs';
import { World } from './world.js';

// Where Debian keeps nginx, and where ordinary users do not look.
process.env['PATH'] = [process.env['PATH'], '/usr/sbin'].join(delimiter);
const options = understood();
try {
  if (options?.what === 'page') await writePage();
  else if (options !== undefined) await run(options.what, options);
} catch (error) {
  fail(error);
}

function understood(): Options | undefined {
  try {
    return readOptions(process.argv.slice(2));
  } catch (error) {
    fail(error, `\n${USAGE}\n`);
    return undefined;
  }
}

function fail(error: unknown, advice = ''): void {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${advice}`);
  process.exitCode = 1;
}

async function run(kind: Kind, options: Options): Promise<void> {
  await checkPrograms('taskset', 'nginx', 'wrk');
  const { rounds, warmUpS, measureS, only } = options;
  const chosen = choose(kind === 'peers' ? [CONTESTANTS] : GROWTH, only);
  stayAside();
  compile(PEERS_SOURCE, COMPILED_PEERS);
  const rows = await measureAll(chosen, options);
  const results: Results = { surroundings: surroundings(), options: { rounds, warmUpS, measureS }, rows };
  process.stdout.write(`\n${await format(report(kind, results), { parser: 'markdown' })}`);
  // A part of them would leave the page without the others.
  if (only.length > 0) return;
  process.stdout.write(`\n${save(kind, results)}\n`);
  if (options.page) await writePage();
}

/** Each in turn, round after round: what the machine does meanwhile meets all of them. */
async function measureAll(chosen: readonly Chosen[], options: Options): Promise<Row[]> {
  const { rounds } = options;
  const rows = chosen.map(({ group, contestant }): [Contestant, Row] => [
    contestant,
    { group, name: contestant.name, rounds: [] },
  ]);
  const world = await World.start();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void world.end().finally(() => process.exit(1));
    });
  try {
    for (let round = 1; round <= rounds; round++)
      for (const [contestant, row] of rows) {
        const figures = await measure(contestant, world, options);
        row.rounds.push(figures);
        const { requestsPerS, p99Ms } = figures;
        const speed = `${requestsPerS.toFixed(0)} requests/s, p99 ${p99Ms.toFixed(1)} ms`;
        process.stdout.write(`${round}/${rounds} ${row.group}: ${row.name}: ${speed}\n`);
      }
  } finally {
    await world.end();
  }
  return rows.map(([, row]) => row);
}

/** @throws Error that names what is missing */
async function checkPrograms(...programs: readonly string[]): Promise<void> {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  for (const program of programs) {
    const places = directories.map((each) => access(join(each, program), constants.X_OK));
    if ((await Promise.allSettled(places)).every(({ status }) => status === 'rejected'))
      throw new Error(
        `There is no ${program} on PATH. On Debian: apt-get install wrk nginx-light util-linux`,
      );
  }
}
