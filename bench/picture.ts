import type { Figures } from './measure.js';
import type { Row } from './results.js';
import { spreadOf, type Spread } from './statistics.js';

const INK = '#24292f';
const OWN = '#0969da';
const OTHERS = '#8c959f';
const LINE = 26;

/** Requests per second as bars, with the least and the most of all rounds as whiskers. */
export function bars(rows: readonly Row[]): string {
  const [left, width] = [250, 500];
  const spreads = rows.map((row) => spreadOf(row.rounds.map(({ requestsPerS }) => requestsPerS)));
  const x = scale([0, ceiling(spreads)], [left, left + width]);
  const drawn = rows.map(({ name }, index) => {
    const { median, least, most } = spreads[index] ?? spreadOf([]);
    const y = LINE * (index + 1);
    return [
      text(left - 8, y + 13, name, 'end'),
      `<rect x="${left}" y="${y}" width="${fixed(x(median) - left)}" height="18" fill="${name.startsWith('Surehand') ? OWN : OTHERS}"/>`,
      `<path d="M${fixed(x(least))} ${y + 9}H${fixed(x(most))}" stroke="${INK}"/>`,
      text(x(most) + 6, y + 13, Math.round(median).toLocaleString('en')),
    ].join('');
  });
  return svg(left + width + 80, LINE * (rows.length + 2), [text(left, 16, 'requests/s'), ...drawn]);
}

const PANEL = { width: 230, height: 110, left: 46, top: 30 } as const;
const LINES: readonly [title: string, figure: keyof Figures][] = [
  ['requests/s', 'requestsPerS'],
  ['p99, ms', 'p99Ms'],
];

/** A small line chart for each group and figure: groups beside each other, figures below. */
export function panels(rows: readonly Row[]): string {
  const groups = [...Map.groupBy(rows, ({ group }) => group).values()];
  const [wide, high] = [PANEL.width + PANEL.left + 20, PANEL.height + PANEL.top + 40];
  const drawn = groups.flatMap((group, column) =>
    LINES.map(
      ([title, figure], row) =>
        `<g transform="translate(${column * wide} ${row * high})">${panel(group, title, figure)}</g>`,
    ),
  );
  return svg(wide * groups.length, high * LINES.length, drawn);
}

function panel(rows: readonly Row[], title: string, figure: keyof Figures): string {
  const { width, height, left, top } = PANEL;
  const spreads = rows.map((row) => spreadOf(row.rounds.map((round) => round[figure])));
  const most = ceiling(spreads);
  const x = scale([0, rows.length], [left, left + width]);
  const y = scale([0, most], [top + height, top]);
  const points = spreads.map(({ median }, index) => `${fixed(x(index + 0.5))},${fixed(y(median))}`);
  return [
    text(left, 18, `${title} by ${rows[0]?.group ?? ''}`),
    `<path d="M${left} ${top}V${top + height}H${left + width}" fill="none" stroke="${OTHERS}"/>`,
    text(left - 4, top + 4, shortly(most), 'end'),
    text(left - 4, top + height, '0', 'end'),
    `<polyline points="${points.join(' ')}" fill="none" stroke="${OWN}" stroke-width="2"/>`,
    ...spreads.map(
      ({ least, most }, index) =>
        `<path d="M${fixed(x(index + 0.5))} ${fixed(y(least))}V${fixed(y(most))}" stroke="${INK}"/>`,
    ),
    ...rows.map(({ name }, index) => text(x(index + 0.5), top + height + 16, name, 'middle')),
  ].join('');
}

/** The next round number above all of them, for the end of an axis. */
function ceiling(spreads: readonly Spread[]): number {
  const most = Math.max(1, ...spreads.map((spread) => spread.most));
  const step = 10 ** Math.floor(Math.log10(most));
  return Math.ceil((most / step) * 2) * (step / 2);
}

function scale(
  [from, to]: readonly [number, number],
  [start, end]: readonly [number, number],
): (value: number) => number {
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" text-anchor="${anchor}" fill="${INK}">${words}</text>`;
}

function svg(width: number, height: number, content: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#ffffff"/>
${content.join('\n')}
</svg>
`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function shortly(value: number): string {
  return value >= 1_000 ? `${value / 1_000} k` : String(value);
}
