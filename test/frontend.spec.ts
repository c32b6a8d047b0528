import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { describeInChromium } from './support/chromium.js';
import { BuiltFrontend, barriers } from './support/frontend.js';
import { Sandbox } from './support/sandbox.js';

const ROOT = join(import.meta.dirname, '..');
const RESCHEDULE = '/#/accounts/0.0.0.1%2B-account%2B123123/actions/0.0.0.1%2B-schedule%2B255194';
/** Set to the path of a picture to be taken; npm run docs:screenshot does. */
const PICTURE = process.env['SUREHAND_SCREENSHOT'];

const SESSION = {
  authenticated: true,
  session: '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d',
  subject: 'surehand-machine',
  scopes: ['handoff:read', 'handoff:write', 'deferred-actions:read', 'deferred-actions:write'],
  operations: ['handoff.read', 'handoff.update-status', 'deferred-action.list', 'deferred-action.modify'],
  startedAt: new Date().toISOString(),
};

describeInChromium('the example frontend', (launch) => {
  let frontend: BuiltFrontend;
  let sandbox: Sandbox;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What GET /auth/session says, beside who it is. */
  let session: object;
  const requested: URL[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    frontend = new BuiltFrontend();
    [sandbox, browser] = await Promise.all([
      Sandbox.start({ settings: { FRONTEND_DIR: frontend.directory, SANDBOX_TIMEOUT_MS: '1000' } }),
      launch(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.discard();
    frontend.remove();
  });

  beforeEach(async () => {
    session = signedIn();
    context = await browser.newContext({
      viewport: { width: 1_120, height: 800 },
      timezoneId: 'Europe/Berlin',
    });
    context.on('request', (request) => requested.push(new URL(request.url())));
    context.on('console', (message) => {
      // What the gateway refuses is told there, too; the page shows it.
      const isRefusal = message.text().startsWith('Failed to load resource');
      if (['error', 'warning'].includes(message.type()) && !isRefusal) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    page = await context.newPage();
    await standInForSessions(page);
  });
  afterEach(() => context.close());

  function signedIn(idleMs = 30 * 60_000): object {
    const endsAt = new Date(Date.now() + 36_000_000).toISOString();
    return { ...SESSION, idleEndsAt: new Date(Date.now() + idleMs).toISOString(), endsAt };
  }

  /** In place of a session: says that there is one, and adds the program's token to each call. */
  async function standInForSessions(to: Page): Promise<void> {
    await to.route('**/auth/session', (route) => route.fulfill({ json: session }));
    const withToken = (route: Route): Promise<void> =>
      route.fallback({
        headers: { ...route.request().headers(), authorization: `Bearer ${sandbox.urls.token}` },
      });
    for (const path of ['bcws/**', 'clmo-handoff-services/**', 'writes', 'writes?*', 'writes/*'])
      await to.route(`${sandbox.urls.gateway}/${path}`, withToken);
  }

  async function open(address: string): Promise<void> {
    await page.goto(sandbox.urls.gateway + address);
    await page.getByRole('heading', { level: 1 }).waitFor();
  }

  async function reschedule(day: string): Promise<void> {
    await page.getByLabel('New day').fill(day);
    await page.getByRole('button', { name: 'Reschedule' }).click();
  }

  /** Another tab did something, and this one is looked at again. */
  function comeBack(): Promise<void> {
    return page.dispatchEvent('body', 'visibilitychange');
  }

  it('lets whoever is signed out sign in, and come back to where they were', async () => {
    session = { authenticated: false, loginUrl: `${sandbox.urls.gateway}/auth/login` };
    await page.route('**/auth/login*', (route) => {
      session = signedIn();
      const returnTo = new URL(route.request().url()).searchParams.get('returnTo') ?? '';
      return route.fulfill({ status: 302, headers: { location: returnTo } });
    });
    await open('/#/handoffs');
    expect(await barriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Handoffs' }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/handoffs');
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
    if (PICTURE !== undefined) await page.screenshot({ path: join(ROOT, PICTURE), fullPage: true });

    await card.getByText('Applied', { exact: true }).waitFor({ timeout: 20_000 });
    await page.locator('.write-card:focus').waitFor();
    await card.getByText('The gateway looked at the resource in billing afterwards').waitFor();
    expect(await card.getByRole('listitem').getByRole('heading').allInnerTexts()).toEqual([
      'Written down, before it was sent',
      'No answer that can be relied on',
      'Looked: it happened',
    ]);
    await page.getByText('is scheduled for 1 Mar 2021').waitFor();
    expect(requested.filter(({ pathname }) => pathname.startsWith('/writes/')).length).toBeGreaterThan(1);
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

  it('sends a write whose connection broke with the same key again, and another one with another key', async () => {
    const keys: (string | undefined)[] = [];
    await page.route('**/deferredactions/0*', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (keys.length === 1) await route.abort('connectionreset');
      else await route.fallback();
    });
    await open(RESCHEDULE);
    await reschedule('2021-04-01');
    await page.getByRole('heading', { name: 'No reply came' }).waitFor();
    await page.getByRole('button', { name: 'Reschedule' }).click();
    await page.getByRole('heading', { name: 'Rescheduled to 1 Apr 2021' }).waitFor();
    await reschedule('2021-04-02');
    await page.getByRole('heading', { name: 'Rescheduled to 2 Apr 2021' }).waitFor();
    const [first, second, third] = keys;
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('says that the session is about to end, and that it has ended, without losing what was typed', async () => {
    await open('/#/handoffs/HO123');
    await page.getByLabel('Remarks').fill('half a sentence');
    session = signedIn(60_000);
    await comeBack();
    await page.getByRole('button', { name: 'Stay signed in' }).waitFor();
    session = { authenticated: false, loginUrl: `${sandbox.urls.gateway}/auth/login` };
    await comeBack();
    await page.getByText('Your session has ended.').waitFor();
    expect(await page.getByLabel('Remarks').inputValue()).toBe('half a sentence');
    expect(await barriers(page)).toEqual([]);
  });

  it('finds out by a 401 that the session has ended', async () => {
    await open('/');
    session = { authenticated: false, loginUrl: `${sandbox.urls.gateway}/auth/login` };
    await page.route('**/deferredactions/account/*', (route) =>
      route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer ended' } }),
    );
    await page.getByRole('button', { name: 'Show its actions' }).click();
    await page.getByText('Your session has ended. What you typed').waitFor();
  });

  it('has no barriers in any view, light or dark', async () => {
    const found: string[] = [];
    for (const [address, shown] of [
      ['/', 'Show its actions'],
      ['/#/accounts/0.0.0.1%2B-account%2B123123', 'Transfer plan'],
      [RESCHEDULE, 'is scheduled for'],
      ['/#/handoffs', 'Look it up'],
      ['/#/handoffs/HO123', 'APP0001'],
      ['/#/writes', 'Update of a handoff'],
      ['/#/nowhere', 'There is nothing here'],
    ] as const) {
      await open(address);
      await page.getByText(shown).first().waitFor();
      found.push(...(await barriers(page)));
      await page.emulateMedia({ colorScheme: 'dark' });
      found.push(...(await barriers(page, ['color-contrast'])));
      await page.emulateMedia({ colorScheme: 'light' });
    }
    await open('/#/writes');
    await page.getByRole('link', { name: 'Update of a handoff' }).first().click();
    await page.getByText('Written down, before it was sent').waitFor();
    expect([...found, ...(await barriers(page))]).toEqual([]);
  });

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

  it('calls nobody but the gateway, and gives the browser nothing to complain about', () => {
    expect(new Set(requested.map(({ origin }) => origin))).toEqual(new Set([sandbox.urls.gateway]));
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
