import { timeOf } from './dates.js';
import { code, h } from './dom.js';
import type { WriteStory } from './gateway.js';
import { mark, type Standing } from './outcome.js';
import { contentOf, systemOf } from './write-words.js';

/** A record, with the members that only some kinds have. */
type TrailRecord = WriteStory['records'][number] & {
  readonly payload?: unknown;
  readonly outcome?: Exclude<Standing, 'person' | 'pending'>;
  readonly problem?: string | null;
  readonly upstreamStatus?: number | null;
  readonly durationMs?: number;
  readonly reason?: string;
};

/** What was recorded of a write, in order, as the trail has it. */
export function timeline(story: WriteStory): HTMLElement {
  return h(
    'ol',
    { class: 'timeline' },
    ...(story.records as TrailRecord[]).map((each) => entry(each, story)),
  );
}

function entry(record: TrailRecord, story: WriteStory): HTMLElement {
  const { title, lines } = told(record, systemOf(story));
  const content = contentOf(record.payload);
  return h(
    'li',
    {},
    mark(record.outcome ?? 'pending'),
    h('h3', {}, title),
    h('time', { datetime: record.at }, timeOf(record.at)),
    ...lines.map((line) => h('p', {}, line)),
    content.length > 0 &&
      h(
        'dl',
        { class: 'content' },
        ...content.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]),
      ),
    h(
      'p',
      { class: 'fine' },
      `Record ${String(record.seq)} of the trail, hash `,
      code(`${record.hash.slice(0, 12)}…`),
    ),
  );
}

function told(record: TrailRecord, system: string): { title: string; lines: string[] } {
  const who = record.principal?.subject ?? 'the gateway';
  switch (record.kind) {
    case 'intent':
      return { title: 'Written down, before it was sent', lines: [`Asked for by ${who}.`] };
    case 'attempt':
      return {
        title: 'Sent once more',
        lines: [`${system} refused the gateway’s own credentials, and so had done nothing.`],
      };
    case 'outcome':
      return { title: OUTCOMES[record.outcome ?? 'unknown'], lines: [observed(record, system)] };
    case 'reconciliation':
      return {
        title:
          record.outcome === 'unknown'
            ? 'Looked, and could not tell'
            : `Looked: ${VERDICTS[record.outcome ?? 'unknown']}`,
        lines: record.reason === undefined ? [] : [sentence(record.reason)],
      };
    case 'resolution':
      return {
        title: `${who} found out: ${VERDICTS[record.outcome ?? 'unknown']}`,
        lines: record.reason === undefined ? [] : [`“${record.reason}”`],
      };
    default:
      return { title: record.kind, lines: [] };
  }
}

const OUTCOMES = {
  applied: 'Confirmed',
  rejected: 'Refused',
  'not-applied': 'Not sent',
  unknown: 'No answer that can be relied on',
};

const VERDICTS = {
  applied: 'it happened',
  rejected: 'it was refused',
  'not-applied': 'it did not happen',
  unknown: 'unclear',
};

function observed({ upstreamStatus, durationMs = 0, problem }: TrailRecord, system: string): string {
  const after = `after ${durationMs < 1_000 ? `${String(durationMs)} ms` : `${(durationMs / 1_000).toFixed(1)} s`}`;
  if (upstreamStatus != null) return `${system} answered HTTP ${String(upstreamStatus)} ${after}.`;
  return problem === 'upstream-timeout'
    ? `${system} was silent; given up ${after}.`
    : `No complete reply, ${after}.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
