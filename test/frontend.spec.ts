import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInChromium } from './support/chromium.js';
import { BuiltFrontend, barriers, takePicture } from './support/frontend.js';
import { callFrom, fillInLogin, signInAt } from './support/login-form.js';
import { Sandbox } from './support/sandbox.js';

const ROOT = join(import.meta.dirname, '..');
const ACCOUNT = '/#/accounts/0.0.0.1%2B-account%2B123123';
const RESCHEDULE = `${ACCOUNT}/actions/0.0.0.1%2B-schedule%2B255194`;
const OVERLOADED = {
  title: 'The gateway has too much to do',
  status: 503,
  code: 'overloaded',
  requestId: '01a20120-5559-7097-ae33-c20afbd784bf',
  retryable: true,
};
const UUID = /^[0-9a-f-]{36}$/;
/** Set to the path of a picture to be taken; npm run docs:screenshot does. */
const PICTURE = process.env['SUREHAND_SCREENSHOT'];

describeInChromium('the example frontend', (launch) => {
  let frontend: BuiltFrontend;
  let sandbox: Sandbox;
  let browser: Browser;
  /** Where the clerk has signed in. */
  let context: BrowserContext;
  let page: Page;
  const requested: URL[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    frontend = new BuiltFrontend();
    [sandbox, browser] = await Promise.all([
      Sandbox.start({ settings: { FRONTEND_DIR: frontend.directory, SANDBOX_TIMEOUT_MS: '1000' } }),
      launch(),
    ]);
    context = await watchedContext();
    page = await context.newPage();
    await signInAt(page, sandbox.urls.gateway);
    await page.close();
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.discard();
    frontend.remove();
  });

  beforeEach(async () => {
    page = await context.newPage();
  });
  afterEach(() => page.close());

  async function watchedContext(): Promise<BrowserContext> {
    const watched = await browser.newContext({
      viewport: { width: 1_120, height: 800 },
      timezoneId: 'Europe/Berlin',
      // A colour on its way to another one is neither.
      reducedMotion: 'reduce',
    });
    watched.on('request', (request) => requested.push(new URL(request.url())));
    watched.on('console', (message) => {
      // What the gateway refuses is told there, too; the page shows it.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
    });
    watched.on('weberror', (error) => complaints.push(String(error.error())));
    return watched;
  }

  async function open(address: string, tab = page): Promise<void> {
    await tab.goto(sandbox.urls.gateway + address);
    await tab.getByRole('heading', { level: 1 }).waitFor();
  }

  async function reschedule(day: string, tab = page): Promise<void> {
    await tab.getByLabel('New day').fill(day);
    await tab.getByRole('button', { name: 'Reschedule' }).click();
  }

  /** The keys of the reschedules that the page will send. The connection of the first `breaks` breaks. */
  async function keysOfReschedules({ breaks = 0, tab = page } = {}): Promise<(string | undefined)[]> {
    const keys: (string | undefined)[] = [];
    await tab.route('**/deferredactions/0*', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length <= breaks) await route.abort('connectionreset');
      else await route.fallback();
    });
    return keys;
  }

  /** What was recorded of the write that is shown, by the headings. */
  function trail(tab: Page): Promise<string[]> {
    return tab.getByRole('listitem').getByRole('heading').allInnerTexts();
  }

  it('lets whoever is signed out sign in, come back to where they were, and sign out everywhere', async () => {
    const another = await watchedContext();
    const tab = await another.newPage();
    await open('/#/handoffs', tab);
    expect(await barriers(tab)).toEqual([]);
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await fillInLogin(tab);
    await tab.getByRole('heading', { name: 'Handoffs' }).waitFor();
    expect(new URL(tab.url()).hash).toBe('#/handoffs');

    await tab.getByRole('button', { name: 'Sign out' }).click();
    await tab.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(requested.map(({ origin, pathname }) => origin + pathname)).toContain(
      `${sandbox.urls.issuer}/session/end`,
    );
    expect(await another.cookies(sandbox.urls.gateway)).toEqual([]);
    expect(await callFrom(tab, '/writes')).toBe(401);
    await another.close();
  });

  it('lists the actions of an account, and reschedules one', async () => {
    await open('/');
    await page.getByRole('button', { name: 'Show its actions' }).click();
    await page.getByRole('link', { name: 'Reschedule Inactivate service' }).click();
    await page.getByText('is scheduled for 10 Feb 2021').waitFor();
    await reschedule('2021-02-14');
    await page.locator(':focus').getByRole('heading', { name: 'Rescheduled to 14 Feb 2021' }).waitFor();
    await page.getByText('is scheduled for 14 Feb 2021').waitFor();
    expect(await sandbox.action()).toMatchObject({ scheduledDate: Date.parse('2021-02-14T00:00+05:30') });
    await page.getByRole('link', { name: 'See its trail' }).click();
    await page.getByText('Asked for by clerk.').waitFor();
    const picture = [sandbox.urls.gateway + ACCOUNT, page.url()] as const;
    if (PICTURE !== undefined) await takePicture(context, picture, join(ROOT, PICTURE));
    expect(await trail(page)).toEqual(['Written down, before it was sent', 'Confirmed']);
    await page.goBack();
    await page.getByRole('link', { name: 'Back' }).click();
    await page.getByRole('row', { name: /Inactivate service.*14 Feb 2021 Pending/ }).waitFor();
  });

  it('updates a handoff', async () => {
    await open('/#/handoffs');
    await page.getByRole('button', { name: 'Look it up' }).click();
    await page.getByLabel('Status').fill('SUCCESS');
    await page.getByRole('button', { name: 'Record' }).click();
    await page.getByRole('heading', { name: 'Recorded: HO123 is SUCCESS' }).waitFor();
    expect(await sandbox.handoff()).toMatchObject({ handoffStatus: 'SUCCESS' });
  });

  it('says of a write whose reply was lost what is known, offers to look and not to repeat, and tells how it was decided', async () => {
    await open(RESCHEDULE);
    await page.getByText('is scheduled for').waitFor();
    await sandbox.misbehave('billing', { mode: 'reset', times: 1, methods: ['PUT'] });
    await reschedule('2021-03-01');
    const card = page.getByRole('region', { name: 'How the write stands' });
    await card.getByText('Not known yet').waitFor();
    await page.locator('.result:focus').waitFor();
    await card.getByText('Whether billing made the change.').waitFor();
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Sign out', 'Look again']);
    expect(await barriers(page)).toEqual([]);
    await card.getByRole('button', { name: 'Look again' }).focus();
    await card.getByText('Applied', { exact: true }).waitFor({ timeout: 20_000 });
    await page.locator('.write-card:focus').waitFor();
    await card.getByText('The gateway looked at the resource in billing afterwards').waitFor();
    expect(await trail(page)).toEqual([
      'Written down, before it was sent',
      'No answer that can be relied on',
      'Looked: it happened',
    ]);
    await page.getByText('is scheduled for 1 Mar 2021').waitFor();
    expect(requested.filter(({ pathname }) => pathname.startsWith('/writes/')).length).toBeGreaterThan(1);
  });

  it('takes the same again, once a write is decided, for another one, and sends it', async () => {
    const keys = await keysOfReschedules();
    await open(RESCHEDULE);
    await page.getByText('is scheduled for').waitFor();
    await sandbox.misbehave('billing', { mode: 'reset', times: 1, methods: ['PUT'] });
    await reschedule('2021-03-02');
    await page.getByText('Applied', { exact: true }).waitFor({ timeout: 20_000 });
    // Somebody else has moved it since: whether it is sent again can be seen in billing.
    expect((await sandbox.write('billing')).status).toBe(200);
    await reschedule('2021-03-02');
    await page.getByRole('heading', { name: 'Rescheduled to 2 Mar 2021' }).waitFor();
    expect(await sandbox.action()).toMatchObject({ scheduledDate: Date.parse('2021-03-02T00:00+05:30') });
    const [first, second] = keys;
    expect(first).toMatch(UUID);
    expect(second).toMatch(UUID);
    expect(second).not.toBe(first);
  });

  it('shows what the gateway finds wrong at the field that it is about', async () => {
    await open(RESCHEDULE);
    await reschedule('275760-01-01');
    await page.getByRole('alert').getByText('Nothing was changed').waitFor();
    expect(await page.getByLabel('New day').getAttribute('aria-invalid')).toBe('true');
    await page.locator('[name=scheduledDate]:focus').waitFor();
    await page.getByText('must be a date that exists').waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it('looks again when it is told to, after no reply and after a problem that may pass, and shows what it finds', async () => {
    let looks = 0;
    await page.route('**/deferredactions/account/*', async (route) => {
      looks += 1;
      if (looks === 1) await route.abort('connectionreset');
      else if (looks === 2) await route.fulfill({ status: 503, json: OVERLOADED });
      else await route.fallback();
    });
    await open(RESCHEDULE);
    await page.getByText('The gateway could not be reached').waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText(OVERLOADED.title).waitFor();
    await page.getByRole('button', { name: 'Look again' }).click();
    await page.getByText('is scheduled for').waitFor();
  });

  it('stays signed in when it is told to, and says so when it cannot', async () => {
    let isReachable = false;
    await page.route('**/writes?*', (route) => (isReachable ? route.fallback() : route.abort()));
    let isNear = true;
    await page.route('**/auth/session', async (route) => {
      const response = await route.fetch();
      const session = (await response.json()) as { idleEndsAt: string };
      const near = { idleEndsAt: new Date(Date.now() + 60_000).toISOString() };
      await route.fulfill({ response, json: isNear ? { ...session, ...near } : session });
    });
    await open('/');
    await page.getByRole('button', { name: 'Stay signed in' }).click();
    await page.getByRole('button', { name: 'No answer: try again' }).waitFor();
    [isReachable, isNear] = [true, false];
    await page.getByRole('button', { name: 'No answer: try again' }).click();
    await page.getByText('Your session ends at').waitFor({ state: 'detached' });
  });

  it('sends a write whose connection broke with the same key again, and another one with another key', async () => {
    const keys = await keysOfReschedules({ breaks: 1 });
    await open(RESCHEDULE);
    await reschedule('2021-04-01');
    await page.getByRole('heading', { name: 'No reply came' }).waitFor();
    await page.getByRole('button', { name: 'Reschedule' }).click();
    await page.getByRole('heading', { name: 'Rescheduled to 1 Apr 2021' }).waitFor();
    await reschedule('2021-04-02');
    await page.getByRole('heading', { name: 'Rescheduled to 2 Apr 2021' }).waitFor();
    const [first, second, third] = keys;
    expect(first).toMatch(UUID);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('keeps the key of a write whose connection broke through a refusal and a login, and does not say that nothing was changed', async () => {
    const another = await watchedContext();
    const tab = await another.newPage();
    await signInAt(tab, sandbox.urls.gateway);
    const keys = await keysOfReschedules({ breaks: 1, tab });
    await open(RESCHEDULE, tab);
    await reschedule('2021-04-03', tab);
    await tab.getByRole('heading', { name: 'No reply came' }).waitFor();
    expect(await callFrom(tab, '/auth/logout', 'POST')).toBe(200);
    await tab.getByRole('button', { name: 'Reschedule' }).click();
    const alert = tab.getByRole('alert');
    await alert.getByText('Whether it happened the time before is still not known').waitFor();
    expect(await alert.innerText()).not.toContain('Nothing was changed');
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await fillInLogin(tab);
    await reschedule('2021-04-03', tab);
    await tab.getByRole('heading', { name: 'Rescheduled to 3 Apr 2021' }).waitFor();
    const [first] = keys;
    expect(first).toMatch(UUID);
    expect(keys).toEqual([first, first, first]);
    await another.close();
  });

  it('finds out that the session has ended in another tab, keeps what was typed, and lets sign in again', async () => {
    const another = await watchedContext();
    const [tab, other] = [await another.newPage(), await another.newPage()];
    await signInAt(tab, sandbox.urls.gateway);
    await open('/#/handoffs/HO123', tab);
    await tab.getByLabel('Status').fill('FAILED');
    await tab.getByLabel('Remarks').fill('half a sentence');
    await open('/', other);
    expect(await callFrom(other, '/auth/logout', 'POST')).toBe(200);
    await tab.bringToFront();
    await tab.getByRole('button', { name: 'Record' }).click();
    await tab.getByText('Nothing was changed, and what you typed is still here').waitFor();
    await tab.getByText('Your session has ended. What you typed').waitFor();
    expect(await tab.getByLabel('Remarks').inputValue()).toBe('half a sentence');
    expect(await barriers(tab)).toEqual([]);
    await tab.getByRole('button', { name: 'Sign in' }).click();
    await fillInLogin(tab);
    await tab.getByText('APP0001').waitFor();
    await another.close();
  });

  it('has no barriers in any view, and enough contrast in the dark', async () => {
    const found: string[] = [];
    for (const [address, shown, isColourful] of [
      ['/', 'Show its actions', false],
      [ACCOUNT, 'Transfer plan', true],
      [RESCHEDULE, 'is scheduled for', false],
      ['/#/handoffs', 'Look it up', false],
      ['/#/handoffs/HO123', 'APP0001', false],
      ['/#/nowhere', 'There is nothing here', false],
      ['/#/writes', 'Update of a handoff', true],
    ] as const) {
      await open(address);
      await page.getByText(shown).first().waitFor();
      found.push(...(await barriers(page)));
      if (isColourful) found.push(...(await tooFaintInTheDark()));
    }
    await page.getByRole('link', { name: 'Update of a handoff' }).first().click();
    await page.getByText('Written down, before it was sent').waitFor();
    found.push(...(await barriers(page)), ...(await tooFaintInTheDark()));
    expect(found).toEqual([]);
  });

  async function tooFaintInTheDark(): Promise<string[]> {
    await page.emulateMedia({ colorScheme: 'dark' });
    const found = await barriers(page, ['color-contrast']);
    await page.emulateMedia({ colorScheme: 'light' });
    return found;
  }

  it('can be used by keyboard alone', async () => {
    await open('/#/handoffs');
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').innerText()).toBe('To the content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('HO124');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Handoff', exact: true }).waitFor();
    await page.locator('h1:focus').waitFor();
  });

  it('calls nobody but the gateway and, to sign in, the provider; the browser has nothing to complain about', () => {
    const { gateway, issuer } = sandbox.urls;
    expect(new Set(requested.map(({ origin }) => origin))).toEqual(new Set([gateway, issuer]));
    expect(complaints).toEqual([]);
  });
});

describe('docs/frontend.md', () => {
  it('shows the calls of the example as they are', () => {
    const source = readFileSync(join(ROOT, 'examples/frontend/src/gateway.ts'), 'utf8');
    const [, shown = ''] = /\/\/ docs\/frontend\.md shows.*\n([^]*?)\/\/ So far\./.exec(source) ?? [];
    expect(shown.trim().split('\n').length).toBeLessThanOrEqual(20);
    expect(readFileSync(join(ROOT, 'docs/frontend.md'), 'utf8')).toContain(shown.trim());
  });
});
