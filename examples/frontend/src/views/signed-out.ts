import { code, h } from '../dom.js';
import { signIn, type SignedOut, type NoSessions } from '../session.js';

/** What whoever is not signed in gets to see. */
export function signedOutView(session: SignedOut | NoSessions): HTMLElement {
  return h(
    'section',
    { class: 'welcome' },
    h('h1', { tabindex: '-1' }, 'Change a loan or a bill, and know whether it happened.'),
    h(
      'p',
      { class: 'lead' },
      'Each change is written down before it is sent. If its answer is lost, nobody guesses: the gateway looks, and tells you what it found.',
    ),
    session.loginUrl === null
      ? h(
          'div',
          { class: 'box box-problem' },
          h('h2', {}, 'Nobody can sign in here yet'),
          h('p', {}, 'The gateway has no browser sessions: its operator sets ', code('AUTH_CLIENT_ID'), '.'),
        )
      : h('p', { class: 'actions' }, signInButton(session)),
  );
}

export function signInButton(session: SignedOut): HTMLElement {
  return h(
    'button',
    {
      type: 'button',
      class: 'primary',
      click: () => {
        signIn(session);
      },
    },
    'Sign in',
  );
}
