import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { describeInChromium } from './support/chromium.js';
import { fillInLogin, signInAt } from './support/login-form.js';
import { ACTION_ID } from './support/landscape.js';
import { OPERATIONS, type Operation } from './support/operations.js';
import { RESCHEDULED, Sandbox } from './support/sandbox.js';

const OWN_OPERATIONS = [
  '/writes',
  '/writes/{operationId}',
  '/writes/{operationId}/resolution',
  '/audit/records',
  '/audit/checkpoints',
  '/audit/export',
  '/auth/sessions',
  '/auth/sessions/{id}',
  '/auth/login',
  '/auth/callback',
  '/auth/session',
  '/auth/logout',
  '/auth/logout',
  '/auth/logged-out',
  '/auth/backchannel-logout',
  '/health/live',
  '/health/ready',
];

const SESSION = '__Host-Http-surehand=';

describeInChromium('Swagger UI', (launch) => {
  let sandbox: Sandbox;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const requested: URL[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    [sandbox, browser] = await Promise.all([Sandbox.start(), launch()]);
    context = await browser.newContext();
    context.on('request', (request) => requested.push(new URL(request.url())));
    context.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    context.on('weberror', (error) => complaints.push(String(error.error())));
    page = await context.newPage();
    // With a session, which is not in the way of what needs none.
    await signInAt(page, sandbox.urls.gateway, '/docs');
  });
  afterAll(async () => {
    await browser.close();
    await sandbox.discard();
  });

  it('shows every operation and finds no fault with the document', async () => {
    await page.locator('.opblock').first().waitFor();
    expect(await page.locator('.opblock-summary-path').allInnerTexts()).toEqual([
      ...OPERATIONS.map(documentedPath),
      ...OWN_OPERATIONS,
    ]);
    expect(await page.locator('.errors-wrapper').count()).toBe(0);
  });

  it('reads with the session of the browser, without authorising', async () => {
    const operation = page.locator('.opblock-get', { hasText: 'externalHandoff/{handoffRefNo}' }).first();
    await operation.locator('.opblock-summary-control').click();
    const answer = page.waitForResponse((response) => response.url().includes('externalHandoff'));
    await operation.locator('.execute').click();
    const headers = await (await answer).request().allHeaders();
    expect((await answer).status()).toBe(200);
    expect(headers).toMatchObject({ 'x-surehand': '1', cookie: expect.stringContaining(SESSION) as string });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('signs the clerk in at the issuer, by authorization code and PKCE', async () => {
    await page.locator('.schemes .authorize').click();
    const popup = context.waitForEvent('page');
    await page.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    const login = await popup;
    const closed = login.waitForEvent('close');
    await fillInLogin(login);
    await closed;
    await page.locator('.auth-container button', { hasText: 'Logout' }).waitFor();
    await page.locator('.auth-container button', { hasText: 'Close' }).first().click();

    const asked = requested.find(({ pathname }) => pathname === '/auth')?.searchParams;
    expect(asked?.get('code_challenge_method')).toBe('S256');
    expect(asked?.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining(['handoff:write', 'deferred-actions:write']),
    );
  });

  it.each(['application/json', 'application/xml'])(
    'reschedules a deferred action with the example as it stands there, as %s',
    async (type) => {
      const operation = page.locator('.opblock-put', { hasText: 'deferredactions' });
      if (!(await operation.locator('.execute').isVisible()))
        await operation.locator('.opblock-summary-control').click();
      await operation
        .locator('.opblock-section-request-body')
        .getByRole('combobox')
        .first()
        .selectOption(type);
      expect(await idOf(operation)).toBe(ACTION_ID);
      const answer = page.waitForResponse((response) => response.request().method() === 'PUT');
      await operation.locator('.execute').click();

      const request = (await answer).request();
      const sent = await request.allHeaders();
      expect(sent['authorization']).toMatch(/^Bearer /);
      // Both at once would be refused: whose rights would count?
      expect(sent).not.toHaveProperty('cookie');
      expect(request.headers()['content-type']).toBe(type);
      expect(request.postData()).toContain('2021-02-14');
      const shown = operation.locator('.live-responses-table tr.response');
      await shown.getByText(String(RESCHEDULED)).waitFor();
      expect(await shown.locator('.response-col_status').innerText()).toContain('200');
    },
  );

  it('calls nobody but the gateway and the issuer', () => {
    const { gateway, issuer } = sandbox.urls;
    expect(new Set(requested.map(({ origin }) => origin))).toEqual(new Set([gateway, issuer]));
  });

  it('gives the browser nothing to complain about: no error, no violation of the policy', () => {
    expect(complaints).toEqual([]);
  });

  it('runs under a policy that allows no inline script or style', async () => {
    const { headers } = await fetch(`${sandbox.urls.gateway}/docs`);
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${sandbox.urls.issuer}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });
});

/** The path of an operation as the document writes it. */
function documentedPath({ path, name }: Operation): string {
  const parameter = name === 'deferred-action.list' ? 'accountId' : 'id';
  return path(name.startsWith('handoff') ? '{handoffRefNo}' : `{${parameter}}`);
}

function idOf(operation: Locator): Promise<string> {
  return operation.locator('tr[data-param-name="id"] input').inputValue();
}
