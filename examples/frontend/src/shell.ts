import { h, icon } from './dom.js';
import { signOut, stay, type SignedIn } from './session.js';
import type { Notice } from './session-watch.js';
import { signInButton } from './views/signed-out.js';
import { HANDOFFS, START, WRITES } from './views/patterns.js';

const PLACES: readonly (readonly [address: string, name: string])[] = [
  [START, 'Deferred actions'],
  [HANDOFFS, 'Handoffs'],
  [WRITES, 'Your changes'],
];

/** What stands around every view: where one is, who one is, and what there is to say of the session. */
export class Shell {
  readonly main = h('main', { id: 'main', tabindex: '-1' });
  private readonly notices = h('div', { class: 'notices', role: 'status' });
  private readonly places: readonly HTMLAnchorElement[];

  constructor(session: SignedIn | undefined) {
    this.places = session === undefined ? [] : PLACES.map(([href, name]) => h('a', { href }, name));
    const header = h(
      'header',
      { class: 'top' },
      h('a', { class: 'wordmark', href: START }, logo(), 'Surehand'),
      session !== undefined && h('nav', { 'aria-label': 'Main' }, ...this.places),
      session !== undefined && who(session),
    );
    document.body.replaceChildren(skipLink(this.main), header, this.notices, this.main);
  }

  /** Marks the place in the navigation that a view belongs to. */
  at(pattern: string): void {
    const group = pattern.startsWith(HANDOFFS) ? HANDOFFS : pattern.startsWith(WRITES) ? WRITES : START;
    for (const place of this.places)
      place.setAttribute('aria-current', place.getAttribute('href') === group ? 'page' : 'false');
  }

  /** Shows what is to be said of the session, or that there is nothing. */
  notice(notice: Notice | undefined, look: () => Promise<void>): void {
    this.notices.replaceChildren(...(notice === undefined ? [] : [noticeBox(notice, look)]));
  }
}

/** Keeps the session alive and asks how it stands. A button that cannot says so. */
function stayButton(look: () => Promise<void>): HTMLElement {
  const go = (event: Event): void => {
    const button = event.currentTarget as HTMLButtonElement;
    stay()
      .then(look)
      .catch(() => {
        button.textContent = 'No answer: try again';
      });
  };
  return h('button', { type: 'button', click: go }, 'Stay signed in');
}

function noticeBox(notice: Notice, look: () => Promise<void>): HTMLElement {
  if (notice.kind === 'ending') {
    return h(
      'div',
      { class: 'notice' },
      h(
        'p',
        {},
        `Your session ends at ${notice.at}${notice.canStay ? ' unless you go on.' : '. Finish what you are at, then sign in again.'}`,
      ),
      notice.canStay && stayButton(look),
    );
  }
  return h(
    'div',
    { class: 'notice' },
    h('p', {}, 'Your session has ended. What you typed is still here, but nothing can be sent.'),
    !notice.now.authenticated && notice.now.loginUrl !== null && signInButton(notice.now),
  );
}

function who({ subject }: SignedIn): HTMLElement {
  const leave = (event: Event): void => {
    const button = event.currentTarget as HTMLButtonElement;
    signOut().catch(() => {
      button.textContent = 'Not signed out: try again';
    });
  };
  return h(
    'p',
    { class: 'who' },
    h('span', { class: 'visually-hidden' }, 'Signed in as '),
    h('strong', {}, subject),
    h('button', { type: 'button', class: 'quiet', click: leave }, 'Sign out'),
  );
}

/** A plain link would change the address, and with it the view. */
function skipLink(main: HTMLElement): HTMLElement {
  const skip = (event: Event): void => {
    event.preventDefault();
    main.focus();
  };
  return h('a', { class: 'skip', href: '#main', click: skip }, 'To the content');
}

function logo(): SVGElement {
  return icon('logo', [
    { tag: 'rect', width: '16', height: '16', rx: '4', fill: 'var(--accent)' },
    {
      d: 'M4.5 8.25 7 10.75 11.75 5.5',
      fill: 'none',
      stroke: 'var(--on-accent)',
      'stroke-width': '1.7',
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
    },
  ]);
}
