import { code, h } from './dom.js';
import type { Field } from './fields.js';
import type { Problem } from './gateway.js';

interface Words {
  readonly why: string;
  /** What became of the write; not said where an earlier attempt may have made it. */
  readonly then?: string;
}

/** What a code means to whoever sits before the page; without a line here the problem's own words are shown. */
const IN_OTHER_WORDS: Readonly<Partial<Record<Problem['code'], Words>>> = {
  unauthenticated: {
    why: 'Your session has ended.',
    then: 'Nothing was changed, and what you typed is still here.',
  },
  forbidden: { why: 'Your role does not permit this.' },
  'resource-busy': {
    why: 'Another change of it is under way, or nobody knows yet how it ended.',
    then: 'Nothing was changed.',
  },
  'invalid-request': { why: 'Something has to be put right.', then: 'Nothing was changed.' },
  'rate-limited': {
    why: 'Too many requests in a minute.',
    then: 'Nothing was changed; try again shortly.',
  },
};

/**
 * Shows a problem: what is wrong with a field at that field, by its pointer, and the rest before the form. The
 * focus goes to the first thing that can be put right. `standing` is said instead of what the problem says became
 * of the write.
 */
export function showProblem(
  place: HTMLElement,
  problem: Problem,
  fields: readonly Field[] = [],
  standing?: string,
): void {
  const faults = problem.errors ?? [];
  const wrong = fields.filter((field) => {
    const mine = faults.filter(({ pointer }) => pointer === `#/${field.name}`);
    field.complain(mine.length === 0 ? undefined : mine.map(({ message }) => message).join('; '));
    return mine.length > 0;
  });
  const elsewhere = faults.filter(({ pointer }) => !wrong.some(({ name }) => pointer === `#/${name}`));
  place.replaceChildren(problemBox(problem, elsewhere, standing));
  const [first] = wrong;
  if (first === undefined) (place.firstElementChild as HTMLElement).focus();
  else first.focus();
}

/** Takes every complaint back. */
export function clearProblem(place: HTMLElement, fields: readonly Field[] = []): void {
  place.replaceChildren();
  for (const field of fields) field.complain(undefined);
}

/** A problem document for people. */
export function problemBox(problem: Problem, faults = problem.errors ?? [], standing?: string): HTMLElement {
  const words = IN_OTHER_WORDS[problem.code];
  const title = [words?.why ?? problem.title, standing === undefined && words?.then];
  const text = standing ?? (words === undefined ? problem.detail : undefined);
  const said = problem.upstream?.messages ?? [];
  return h(
    'div',
    { class: 'box box-problem', role: 'alert', tabindex: '-1' },
    h('h2', {}, title.filter(Boolean).join(' ')),
    text !== undefined && h('p', {}, text),
    faults.length > 0 &&
      h('ul', {}, ...faults.map(({ pointer, message }) => h('li', {}, code(pointer), ` ${message}`))),
    said.length > 0 &&
      h(
        'ul',
        {},
        ...said.map((message) =>
          h('li', {}, `${problem.upstream?.system ?? ''} says: `, message.text ?? message.code ?? ''),
        ),
      ),
    h('p', { class: 'fine' }, code(problem.code), ' · request ', code(problem.requestId)),
  );
}

/** Whatever a call was answered with that is no problem document: a proxy's page, or nothing at all. */
export function isProblem(error: unknown): error is Problem {
  return typeof error === 'object' && error !== null && 'code' in error && 'requestId' in error;
}

export function failureBox(error: unknown, again: () => void): HTMLElement {
  const look = h('button', { type: 'button', click: again }, 'Look again');
  if (isProblem(error)) {
    const box = problemBox(error);
    if (error.retryable) box.append(look);
    return box;
  }
  return h(
    'div',
    { class: 'box box-problem', role: 'alert', tabindex: '-1' },
    h('h2', {}, 'The gateway could not be reached'),
    h('p', {}, 'Nothing was changed by looking. '),
    look,
  );
}
