import { code, h } from './dom.js';
import { gateway, type WriteStory } from './gateway.js';
import { badge, isDecided, standingOf } from './outcome.js';
import { failureBox, isProblem } from './problem-view.js';
import { timeline } from './timeline.js';
import { howKnown, nameOf, situationOf, type Situation } from './write-words.js';

/** Then twice as long each time, ms. */
const FIRST_LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * A write as it stands, with its trail. While it is undecided the gateway is asked again and again, ever more
 * rarely: looking changes nothing. It is never offered to send it again.
 */
export function watchWrite(operationId: string, signal: AbortSignal, decided?: () => void): HTMLElement {
  const place = h('div', { class: 'write' });
  // Apart from the rest, which is rewritten: it says one sentence aloud when there is one to say.
  const spoken = h('p', { class: 'visually-hidden', role: 'status' });
  let pause = FIRST_LOOK_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = '';
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
  });

  const look = async (): Promise<void> => {
    clearTimeout(timer);
    const { data, error } = await gateway
      .GET('/writes/{operationId}', { params: { path: { operationId } } })
      .catch((cause: unknown) => ({ data: undefined, error: cause }));
    if (signal.aborted) return;
    if (data === undefined) {
      if (last === '') place.replaceChildren(failureBox(error, () => void look()));
      // A no is not another one a moment later; a gateway that is away comes back.
      if (!isProblem(error) || error.retryable || error.status >= 500) later();
      return;
    }
    show(data);
    if (isDecided(data)) decided?.();
    else if (!data.open) later();
  };
  const later = (): void => {
    timer = setTimeout(() => void look(), pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  };
  const show = (story: WriteStory): void => {
    const state = `${standingOf(story)} ${String(story.records.length)}`;
    // Unless there is news nothing moves under a reader's eyes, or fingers.
    if (state === last) return;
    last = state;
    const hadFocus = place.contains(document.activeElement);
    const now = card(story, () => void look());
    place.replaceChildren(now);
    if (hadFocus) now.focus();
    spoken.textContent = `${nameOf(story)}: ${place.querySelector('.badge')?.textContent ?? ''}`;
  };
  void look();
  return h('div', {}, spoken, place);
}

function card(story: WriteStory, again: () => void): HTMLElement {
  const situation = situationOf(story);
  return h(
    'section',
    { class: `card write-card ${standingOf(story)}`, tabindex: '-1', 'aria-label': 'How the write stands' },
    h(
      'header',
      {},
      badge(standingOf(story)),
      h('p', { class: 'what' }, `${nameOf(story)} `, code(story.resource)),
    ),
    situation === undefined
      ? h('p', { class: 'how' }, howKnown(story))
      : undecided(situation, again, story.open),
    h('h2', {}, 'Its trail'),
    timeline(story),
    h('p', { class: 'fine' }, 'Write ', h('code', { class: 'operation-id' }, story.operationId)),
  );
}

function undecided({ known, notKnown, next }: Situation, again: () => void, open: boolean): HTMLElement {
  const list = (title: string, items: readonly string[], kind: string): HTMLElement =>
    h('div', { class: kind }, h('h2', {}, title), h('ul', {}, ...items.map((item) => h('li', {}, item))));
  return h(
    'div',
    {},
    h('div', { class: 'situation' }, list('Known', known, 'known'), list('Not known', notKnown, 'not-known')),
    list('What happens next', next, 'next'),
    h(
      'p',
      { class: 'actions' },
      h('button', { type: 'button', class: 'primary', click: again }, 'Look again'),
      h(
        'span',
        { class: 'fine' },
        open ? ' It changes nothing.' : ' It changes nothing. The page also looks by itself.',
      ),
    ),
  );
}
