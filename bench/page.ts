import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { ROOT } from './paths.js';
import { bars, panels } from './picture.js';
import { last, type Kind, type Results } from './results.js';
import { spreadOf } from './statistics.js';
import { growthTable, peersTable } from './table.js';

const PAGE = join(ROOT, 'docs/performance.md');

const PARTS = {
  peers: { table: peersTable, picture: bars, shows: 'Requests per second of each, as bars' },
  growth: {
    table: growthTable,
    picture: panels,
    shows: 'Requests per second and p99 by what grows, as lines',
  },
} as const;

/** Puts the last results of both kinds between their markers in docs/performance.md, and draws their pictures. */
export async function writePage(): Promise<void> {
  for (const kind of ['peers', 'growth'] as const) {
    const results = last(kind);
    if (results === undefined) continue;
    const picture = `performance-${kind}.svg`;
    writeFileSync(join(ROOT, 'docs', picture), PARTS[kind].picture(results.rows));
    await replace(kind, `![${PARTS[kind].shows}](${picture})\n\n${report(kind, results)}`);
  }
}

/** Of the machine's time, taken by its host: beyond this the figures say more of the host than of the gateway. */
const MOST_STEAL_PERCENT = 2;

/** The table of some results, and where they are from. */
export function report(kind: Kind, { surroundings, options, rows }: Results): string {
  const { date, commit, processor, cores, kernel, programs, packages } = surroundings;
  const { warmUpS, measureS, rounds } = options;
  const all = rows.flatMap((row) => row.rounds);
  const yardstick = spreadOf(all.map(({ yardstickMs }) => yardstickMs));
  const steal = spreadOf(all.map(({ stealPercent }) => stealPercent));
  return `${PARTS[kind].table(rows)}
Measured on ${date} at ${commit}: ${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${measureS} s each, after ${warmUpS} s of warm-up. ${processor}, ${cores} cores, Linux ${kernel}; ${programs}; ${packages}. Steal: ${steal.median.toFixed(1)} % in the median, ${steal.most.toFixed(1)} % at most. Yardstick: ${yardstick.median.toFixed(0)} ms (${yardstick.least.toFixed(0)}–${yardstick.most.toFixed(0)}).${steal.median > MOST_STEAL_PERCENT ? ' **The host was busy: measure again.**' : ''}
`;
}

async function replace(kind: Kind, content: string): Promise<void> {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [`<!-- ${kind}: written by npm run bench -->`, `<!-- end of ${kind} -->`];
  const [begin, end] = [page.indexOf(from), page.indexOf(to)];
  if (begin === -1 || end < begin) throw new Error(`${PAGE} has no place for ${kind}`);
  const text = `${page.slice(0, begin)}${from}\n\n${content}\n${page.slice(end)}`;
  writeFileSync(PAGE, await format(text, { ...(await resolveConfig(PAGE)), filepath: PAGE }));
}
