import type { Browser, BrowserContext, Page } from 'playwright-core';
import { auditRecords, type StoredRecord } from './support/audit-records.js';
import { describeInChromium } from './support/chromium.js';
import { BuiltFrontend } from './support/frontend.js';
import { callFrom, fillInLogin, signInAt } from './support/login-form.js';
import { SessionLandscape } from './support/session-landscape.js';

const COOKIE = '__Host-Http-surehand';
/** All that a script of the page can see of a session. */
const VISIBLE = `(async () => ({
  cookie: document.cookie,
  stored: [...Object.values(localStorage), ...Object.values(sessionStorage)],
  databases: await indexedDB.databases(),
  caches: await caches.keys(),
  state: await (await fetch('/auth/session', { headers: { 'X-Surehand': '1' } })).text(),
}))()`;

describeInChromium('A browser session', (launch) => {
  let frontend: BuiltFrontend;
  let browser: Browser;
  let context: BrowserContext;
  let landscape: SessionLandscape;

  beforeAll(async () => {
    frontend = new BuiltFrontend();
    [browser, landscape] = await Promise.all([
      launch(),
      SessionLandscape.start({ settings: { FRONTEND_DIR: frontend.directory } }),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await landscape.end();
    frontend.remove();
  });
  beforeEach(async () => {
    context = await browser.newContext();
  });
  afterEach(() => context.close());

  /** A tab in which the clerk has signed in. */
  async function signedInTab(): Promise<Page> {
    const tab = await context.newPage();
    await signInAt(tab, landscape.gateway.url);
    return tab;
  }

  function isOver(tab: Page): Promise<void> {
    return tab.getByText('Your session has ended. What you typed').waitFor();
  }

  it('begins at the provider on another site, and its Strict cookie comes along on the way back [B3, B4, B5, B6]', async () => {
    const tab = await context.newPage();
    await tab.goto(`${landscape.gateway.url}/auth/login?returnTo=/`);
    expect(new URL(tab.url()).origin).toBe(landscape.provider.url);
    const [login, ...more] = await context.cookies(landscape.gateway.url);
    expect(more).toEqual([]);
    expect(login).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/' });
    expect(login?.name).toMatch(/^__Host-Http-surehand-login-/);

    // The page that the bounce leads to is asked for with the cookie: it is not too late by one page.
    const first = tab.waitForRequest(`${landscape.gateway.url}/`);
    await fillInLogin(tab);
    expect((await (await first).allHeaders())['cookie']).toContain(`${COOKIE}=`);
    await tab.getByText('Signed in as clerk').waitFor();

    expect(await context.cookies(landscape.gateway.url)).toEqual([
      {
        name: COOKIE,
        value: expect.stringMatching(/^[\w-]{43}$/) as string,
        // No Domain: this very host. No Max-Age: until the browser ends.
        domain: '127.0.0.1',
        expires: -1,
        path: '/',
        secure: true,
        httpOnly: true,
        sameSite: 'Strict',
      },
    ]);
  });

  it('is open to no script: no cookie is seen, and no storage holds a token [B7]', async () => {
    const tab = await signedInTab();
    await tab.getByText('Signed in as clerk').waitFor();
    const seen = await tab.evaluate<{ readonly state: string }>(VISIBLE);
    expect(seen).toMatchObject({ cookie: '', stored: [], databases: [], caches: [] });
    // Whatever a page is told of its session opens nothing.
    expect(seen.state).toContain('"authenticated":true');
    expect(seen.state).not.toMatch(/eyJ/);
    const [cookie] = await context.cookies(landscape.gateway.url);
    expect(seen.state).not.toContain(cookie?.value);
  });

  it('begins in five tabs at once, and all are signed in; another login takes the place of the last', async () => {
    const tabs = await Promise.all(Array.from({ length: 5 }, () => context.newPage()));
    for (const tab of tabs) await tab.goto(`${landscape.gateway.url}/auth/login?returnTo=/`);
    expect(await context.cookies(landscape.gateway.url)).toHaveLength(5);
    for (const tab of tabs) {
      await tab.bringToFront();
      await fillInLogin(tab);
      await tab.waitForURL(`${landscape.gateway.url}/`);
    }
    for (const tab of tabs) expect(await callFrom(tab, '/writes')).toBe(200);
    expect((await context.cookies(landscape.gateway.url)).map(({ name }) => name)).toEqual([COOKIE]);
    const last = sessionRecords().at(-1);
    await signedInTab();
    for (const tab of tabs) expect(await callFrom(tab, '/writes')).toBe(200);
    expect(sessionRecords().slice(-2)).toMatchObject([
      { event: 'started' },
      { event: 'ended', reason: 'replaced', session: last?.['session'] },
    ]);
  });

  it('ends in every tab when it ends in one', async () => {
    const [tab, other] = [await signedInTab(), await context.newPage()];
    await other.goto(landscape.gateway.url);
    await other.getByRole('button', { name: 'Sign out' }).click();
    await other.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(sessionRecords().at(-1)).toMatchObject({ event: 'ended', reason: 'logout' });
    expect(await callFrom(tab, '/writes')).toBe(401);
    await tab.bringToFront();
    await tab.dispatchEvent('body', 'visibilitychange');
    await isOver(tab);
  });

  it('ends in an open tab when the provider says so', async () => {
    const tab = await signedInTab();
    expect(await callFrom(tab, '/writes')).toBe(200);
    await landscape.provider.endSessions('clerk');
    expect(await callFrom(tab, '/writes')).toBe(401);
    await tab.getByRole('button', { name: 'Show its actions' }).click();
    await isOver(tab);
    expect(sessionRecords().at(-1)).toMatchObject({ event: 'ended', reason: 'back-channel-logout' });
  });

  function sessionRecords(): StoredRecord[] {
    return auditRecords(landscape.gateway.dataDir).filter(({ kind }) => kind === 'session');
  }

  describe('that is not used', () => {
    let brief: SessionLandscape;
    beforeAll(async () => {
      brief = await SessionLandscape.start({
        settings: { FRONTEND_DIR: frontend.directory, SESSION_IDLE_MINUTES: '0.05' },
      });
    });
    afterAll(() => brief.end());

    it('is said to be about to end, and to have ended, without losing what was typed', async () => {
      const tab = await context.newPage();
      await signInAt(tab, brief.gateway.url);
      await tab.goto(`${brief.gateway.url}/#/handoffs/HO123`);
      await tab.getByLabel('Remarks').fill('half a sentence');
      await tab.getByRole('button', { name: 'Stay signed in' }).waitFor();
      await isOver(tab);
      expect(await callFrom(tab, '/writes')).toBe(401);
      expect(await tab.getByLabel('Remarks').inputValue()).toBe('half a sentence');
    });
  });
});
