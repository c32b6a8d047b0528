import type { Figures } from './measure.js';
import { PEERS } from './peers.js';
import type { Row } from './results.js';
import { spreadOf } from './statistics.js';

const REFERENCES = [
  ['plain NestJS', PEERS.nest.name],
  ['Express', PEERS.express.name],
  ['bare Node', PEERS.node.name],
] as const;

/** The contestants with their ratios to three of them, as a table of Markdown. */
export function peersTable(rows: readonly Row[]): string {
  return markdown([
    ['', ...FIGURES.map(([heading]) => heading), ...REFERENCES.map(([heading]) => `× ${heading}`)],
    ...rows.map((row) => [
      row.name + failures(row),
      ...cells(row),
      ...REFERENCES.map(([, name]) =>
        ratio(
          row,
          rows.find((each) => each.name === name),
        ),
      ),
    ]),
  ]);
}

/** What grows, and what comes of it. */
export function growthTable(rows: readonly Row[]): string {
  return markdown([
    ['', '', ...FIGURES.map(([heading]) => heading)],
    ...rows.map((row, index) => [
      rows[index - 1]?.group === row.group ? '' : row.group,
      row.name + failures(row),
      ...cells(row),
    ]),
  ]);
}

const FIGURES: readonly [heading: string, of: (row: Row) => string][] = [
  ['requests/s', (row) => spread(row, 'requestsPerS', 0)],
  ['p50 ms', (row) => spread(row, 'p50Ms', 1)],
  ['p99 ms', (row) => spread(row, 'p99Ms', 1)],
  ['CPU µs each', (row) => median(row, 'cpuUsPerRequest')],
  ['PostgreSQL’s', (row) => median(row, 'databaseCpuUsPerRequest')],
  ['MiB', (row) => median(row, 'rssMiB')],
];

function cells(row: Row): string[] {
  return FIGURES.map(([, of]) => of(row));
}

function values(row: Row, figure: keyof Figures): number[] {
  return row.rounds.map((each) => each[figure]);
}

function spread(row: Row, figure: keyof Figures, digits: number): string {
  const { median, least, most } = spreadOf(values(row, figure));
  const bounds = `${told(least, digits)}–${told(most, digits)}`;
  return row.rounds.length === 1 ? told(median, digits) : `${told(median, digits)} (${bounds})`;
}

function median(row: Row, figure: keyof Figures): string {
  const { median } = spreadOf(values(row, figure));
  return median === 0 ? '' : told(median, 0);
}

/** In the middle of the rounds, since what the machine does in one round both of them felt. */
function ratio(row: Row, reference: Row | undefined): string {
  if (reference === undefined) return '';
  const ratios = row.rounds.map(
    ({ requestsPerS }, round) => requestsPerS / (reference.rounds[round]?.requestsPerS ?? NaN),
  );
  return told(spreadOf(ratios).median, 2);
}

function failures(row: Row): string {
  const { most } = spreadOf(values(row, 'failedShare'));
  return most === 0 ? '' : ` (**${told(100 * most, 2)} % failed**)`;
}

function told(value: number, digits: number): string {
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function markdown([heading = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.join(' | ')} |\n`;
  const alignment = heading.map((name) => (name === '' ? '---' : '---:'));
  return [heading, alignment, ...rows].map(line).join('');
}
