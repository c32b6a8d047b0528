import { momentOf } from '../dates.js';
import { code, h } from '../dom.js';
import { gateway, type Write } from '../gateway.js';
import { badge, standingOf } from '../outcome.js';
import { failureBox } from '../problem-view.js';
import { link, type View, type Visit } from '../router.js';
import { nameOf } from '../write-words.js';
import { watchWrite } from '../write-watch.js';
import { WRITE, WRITES } from './patterns.js';

function list({ session, signal }: Visit): HTMLElement {
  const place = h(
    'div',
    { class: 'result', 'aria-live': 'polite' },
    h('p', { class: 'fine' }, 'Asking the trail…'),
  );
  const load = async (): Promise<void> => {
    const { data, error } = await gateway
      .GET('/writes', { params: { query: { principal: session.subject, limit: 50 } } })
      .catch((cause: unknown) => ({ data: undefined, error: cause }));
    if (signal.aborted) return;
    place.replaceChildren(data === undefined ? failureBox(error, () => void load()) : newest(data.items));
  };
  void load();
  return h('div', {}, h('p', { class: 'lead' }, 'What you changed, newest first, and how it ended.'), place);
}

function newest(writes: readonly Write[]): HTMLElement {
  if (writes.length === 0) return h('p', {}, 'You have changed nothing yet.');
  return h('ul', { class: 'writes' }, ...writes.map(row));
}

function row(write: Write): HTMLElement {
  return h(
    'li',
    {},
    badge(standingOf(write)),
    h(
      'div',
      {},
      h('a', { href: link(WRITE, write.operationId) }, nameOf(write)),
      h('br'),
      code(write.resource),
    ),
    h('time', { datetime: write.begunAt, class: 'number' }, momentOf(write.begunAt)),
  );
}

function one({ parameters: [operationId = ''], signal }: Visit): HTMLElement {
  return watchWrite(operationId, signal);
}

export const writes: View = { pattern: WRITES, title: 'Your changes', show: list };
export const write: View = { pattern: WRITE, title: 'A change and its trail', show: one };
