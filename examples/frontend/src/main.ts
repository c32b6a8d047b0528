import { h } from './dom.js';
import { failureBox } from './problem-view.js';
import { viewAt, type View } from './router.js';
import { currentSession, viewBeforeLogin, type SignedIn } from './session.js';
import { SessionWatch } from './session-watch.js';
import { Shell } from './shell.js';
import { actionsOfAccount, actionsStart } from './views/actions.js';
import { handoff, handoffs } from './views/handoff.js';
import { reschedule } from './views/reschedule.js';
import { signedOutView } from './views/signed-out.js';
import { write, writes } from './views/writes.js';

const VIEWS: readonly View[] = [actionsStart, actionsOfAccount, reschedule, handoffs, handoff, writes, write];

async function start(): Promise<void> {
  const session = await currentSession().catch((error: unknown) => {
    const { main } = new Shell(undefined);
    main.replaceChildren(
      failureBox(error, () => {
        location.reload();
      }),
    );
  });
  if (session === undefined) return;
  if (session.authenticated) showViews(session);
  else new Shell(undefined).main.replaceChildren(signedOutView(session));
}

function showViews(session: SignedIn): void {
  const before = viewBeforeLogin();
  if (before !== null && before !== '') history.replaceState(null, '', before);
  const shell = new Shell(session);
  const watch = new SessionWatch(session, (notice) => {
    shell.notice(notice, () => watch.look());
  });
  watch.start();

  let visit = new AbortController();
  const show = (): void => {
    visit.abort();
    visit = new AbortController();
    const found = viewAt(VIEWS, location.hash);
    const title = found?.view.title ?? 'There is nothing here';
    const heading = h('h1', { tabindex: '-1' }, title);
    document.title = `${title} · Surehand`;
    shell.main.replaceChildren(heading);
    if (found === undefined) return;
    shell.at(found.view.pattern);
    shell.main.append(found.view.show({ session, parameters: found.parameters, signal: visit.signal }));
  };
  show();
  addEventListener('hashchange', () => {
    show();
    // Whoever listens or uses the keyboard is where the new view begins.
    scrollTo(0, 0);
    shell.main.querySelector('h1')?.focus();
  });
}

await start();
