import { h, icon } from './dom.js';
import type { Write } from './gateway.js';

/** How a write stands, as people are told: `person` is one that only a person can decide. */
export type Standing = Write['outcome'] | 'person';

const LINE = { fill: 'none', stroke: 'currentColor', 'stroke-width': '1.8', 'stroke-linecap': 'round' };
const ON_FILL = { ...LINE, stroke: 'var(--on-mark)' };
const FILL = { fill: 'currentColor' };

/** Each has a word and a shape of its own; the colour only repeats them. */
const STANDINGS: Readonly<Record<Standing, { word: string; shapes: Readonly<Record<string, string>>[] }>> = {
  applied: {
    word: 'Applied',
    shapes: [
      { tag: 'circle', cx: '8', cy: '8', r: '7.5', ...FILL },
      { d: 'M4.8 8.3 7.1 10.6 11.3 5.7', ...ON_FILL },
    ],
  },
  rejected: {
    word: 'Rejected',
    shapes: [
      { tag: 'rect', x: '1', y: '1', width: '14', height: '14', rx: '2.5', ...FILL },
      { d: 'M5.3 5.3 10.7 10.7M10.7 5.3 5.3 10.7', ...ON_FILL },
    ],
  },
  'not-applied': {
    word: 'Not applied',
    shapes: [
      { tag: 'circle', cx: '8', cy: '8', r: '6.6', ...LINE },
      { d: 'M3.5 12.5 12.5 3.5', ...LINE },
    ],
  },
  pending: {
    word: 'Under way',
    shapes: [
      { tag: 'circle', cx: '8', cy: '8', r: '6.6', ...LINE },
      { d: 'M8 4.4V8L10.4 9.6', ...LINE },
    ],
  },
  unknown: {
    word: 'Not known yet',
    shapes: [
      { d: 'M4.2 1H11.8L15.6 8 11.8 15H4.2L.4 8Z', ...FILL },
      { d: 'M6.3 6.3A1.75 1.75 0 1 1 8 8.4V8.9', ...ON_FILL, 'stroke-width': '1.5' },
      { tag: 'circle', cx: '8', cy: '11.2', r: '.95', fill: 'var(--on-mark)' },
    ],
  },
  person: {
    word: 'Needs a person',
    shapes: [
      { d: 'M8 1 15.4 14.4H.6Z', ...FILL, stroke: 'currentColor', 'stroke-linejoin': 'round' },
      { d: 'M8 5.8V9.6', ...ON_FILL },
      { tag: 'circle', cx: '8', cy: '12', r: '1', fill: 'var(--on-mark)' },
    ],
  },
};

export function standingOf({ outcome, open }: Pick<Write, 'outcome' | 'open'>): Standing {
  return open ? 'person' : outcome;
}

/** Nothing more will be heard of it: the upstream, a read-back or a person has decided. */
export function isDecided({ outcome, open }: Pick<Write, 'outcome' | 'open'>): boolean {
  return !open && outcome !== 'pending' && outcome !== 'unknown';
}

export function badge(standing: Standing): HTMLElement {
  const { word, shapes } = STANDINGS[standing];
  return h('span', { class: `badge ${standing}` }, icon(standing, shapes), word);
}

/** The shape alone, where the word stands beside it anyway. */
export function mark(standing: Standing): HTMLElement {
  return h('span', { class: `mark ${standing}` }, icon(standing, STANDINGS[standing].shapes));
}
