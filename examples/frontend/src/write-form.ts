import { h } from './dom.js';
import type { Field } from './fields.js';
import { settled } from './intended-write.js';
import { clearProblem, showProblem } from './problem-view.js';
import { perform, type IntendedWrite } from './perform-write.js';
import { link } from './router.js';
import { WRITE } from './views/patterns.js';
import { watchWrite } from './write-watch.js';

interface WriteFormOptions<Body> {
  readonly fields: readonly Field[];
  readonly submit: string;
  readonly cancel?: string;
  /** What was typed, as a write. */
  write(): IntendedWrite<Body>;
  /** What to say once it has happened. */
  done(): string;
  /** What is shown of the resource may be out of date. */
  changed(): void;
  readonly signal: AbortSignal;
}

/** A form that makes one write, and then says how it ended, or honestly that nobody knows. */
export function writeForm<Body>(options: WriteFormOptions<Body>): HTMLElement {
  const { fields, signal } = options;
  const problemPlace = h('div');
  const result = h('div', { class: 'result', tabindex: '-1' });
  const button = h('button', { type: 'submit', class: 'primary' }, options.submit);
  const form = h(
    'form',
    { submit: (event) => void submit(event), novalidate: true },
    problemPlace,
    ...fields.map(({ element }) => element),
    h(
      'p',
      { class: 'actions' },
      button,
      options.cancel !== undefined && h('a', { class: 'button', href: options.cancel }, 'Back'),
    ),
  );

  const busy = (is: boolean): void => {
    // Not `disabled`, which would throw the focus away.
    button.setAttribute('aria-disabled', String(is));
    button.textContent = is ? 'Sending…' : options.submit;
  };
  /** The focus is what a screen reader follows; and the button that had it may be gone. */
  const say = (what: HTMLElement): void => {
    result.replaceChildren(what);
    result.focus();
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (button.getAttribute('aria-disabled') === 'true') return;
    clearProblem(problemPlace, fields);
    result.replaceChildren();
    const missing = fields.filter(({ isMissing }) => isMissing);
    for (const field of missing) field.complain('Fill this in.');
    if (missing.length > 0) {
      missing[0]?.focus();
      return;
    }
    busy(true);
    const write = options.write();
    const performed = await perform(write);
    busy(false);
    if (signal.aborted) return;
    switch (performed.kind) {
      case 'applied':
        say(success(options.done(), performed.operationId));
        options.changed();
        break;
      case 'refused':
        showProblem(problemPlace, performed.problem, fields);
        break;
      case 'refused-now':
        showProblem(problemPlace, performed.problem, fields, EARLIER_UNKNOWN);
        break;
      case 'undecided':
        // No button that sends: the write is watched instead, until somebody knows.
        form.hidden = true;
        say(
          watchWrite(performed.operationId, signal, () => {
            // The same again would be answered with this end, and nothing would be sent.
            settled(write.operation, write.resource);
            form.hidden = false;
            options.changed();
          }),
        );
        break;
      case 'no-reply':
        say(noReply());
        break;
    }
  };
  return h('div', {}, form, result);
}

function success(text: string, operationId: string | null): HTMLElement {
  return h(
    'div',
    { class: 'box box-success' },
    h('h2', {}, text),
    operationId !== null && h('p', {}, h('a', { href: link(WRITE, operationId) }, 'See its trail')),
  );
}

const SAFE_AGAIN = 'Sending the same again is safe: it carries the same key, so it cannot happen twice.';
const EARLIER_UNKNOWN = `It was not sent on this time. Whether it happened the time before is still not known. ${SAFE_AGAIN}`;

/** Nothing is claimed: the request may still be on its way. Its key makes it safe to send it again. */
function noReply(): HTMLElement {
  return h(
    'div',
    { class: 'box box-unknown' },
    h('h2', {}, 'No reply came'),
    h(
      'p',
      {},
      'The connection broke. The gateway has no record of this change so far, or cannot be reached.',
    ),
    h('p', {}, SAFE_AGAIN),
  );
}
