import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page, Request } from 'playwright-core';
import { auditRecords, type StoredRecord } from './support/audit-records.js';
import { describeInChromium } from './support/chromium.js';
import { eventually } from './support/eventually.js';
import { PEEK, embeddings, fetches, forms, type Embedded } from './support/foreign-scripts.js';
import { ACTION_PATH } from './support/landscape.js';
import { signInAt } from './support/login-form.js';
import { SessionLandscape } from './support/session-landscape.js';

const PAGE = '<!doctype html><title>a page</title>';
const LOGOUT = '/auth/logout';
/** What a form or a script may send to without asking first. */
const TARGETS = [ACTION_PATH, '/writes/01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d/resolution', LOGOUT];
/** Files that the gateway gives to its own pages. */
const FILES: Embedded = [
  ['img', '/docs/favicon-32x32.png'],
  ['script', '/docs/initializer.js'],
];
const DATA: Embedded = [
  ['img', '/writes'],
  ['script', '/auth/session'],
];

describeInChromium('A page of another origin, beside a signed-in one,', (launch) => {
  const directory = mkdtempSync(join(tmpdir(), 'surehand-page-'));
  let foreign: Server;
  let port: number;
  let browser: Browser;

  beforeAll(async () => {
    writeFileSync(join(directory, 'index.html'), PAGE);
    foreign = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end(PAGE);
    }).listen(0);
    await once(foreign, 'listening');
    ({ port } = foreign.address() as AddressInfo);
    browser = await launch();
  });
  afterAll(async () => {
    await browser.close();
    foreign.close();
    rmSync(directory, { recursive: true });
  });

  describe.each([
    ['listed for bearer tokens', true],
    ['not listed', false],
  ])('%s', (_, isListed) => {
    let landscape: SessionLandscape;
    let context: BrowserContext;
    let own: Page;

    beforeAll(async () => {
      const listed = ['127.0.0.1', 'localhost'].map((host) => `http://${host}:${port}`).join(',');
      landscape = await SessionLandscape.start({
        settings: { FRONTEND_DIR: directory, ...(isListed && { CORS_ORIGINS: listed }) },
      });
      context = await browser.newContext();
      own = await context.newPage();
      await signInAt(own, landscape.gateway.url);
    });
    afterAll(() => landscape.end());

    describe.each([
      ['at another port of the same host, for which the browser sends the cookie,', '127.0.0.1', true],
      ['at another site', 'localhost', false],
    ])('%s', (_where, host, isCookieSent) => {
      let page: Page;
      let before: number;

      beforeEach(async () => {
        page = await context.newPage();
        await page.goto(`http://${host}:${port}/`);
        before = records().length;
      });
      afterEach(async () => {
        await page.close();
        expect([...landscape.lending.calls, ...landscape.billing.calls]).toEqual([]);
        // Nothing was done, nothing was read, and the session goes on.
        expect(records().filter(({ kind }) => kind !== 'refusal')).toMatchObject([{ event: 'started' }]);
        expect(await own.evaluate(sessionState)).toContain('"authenticated":true');
      });

      it('fetches nothing and writes nothing [B8, B10]', async () => {
        const learnt = await page.evaluate<string[]>(fetches(landscape.gateway.url, TARGETS));
        expect(new Set(learnt)).toEqual(new Set(['nothing']));
        await expectRefusals();
      });

      it('is refused forms, and embeds nothing [B8, B10]', async () => {
        const { url } = landscape.gateway;
        const posted: Request[] = [];
        page.on('request', (request) => {
          if (request.method() === 'POST') posted.push(request);
        });
        await page.evaluate(forms(url, TARGETS));
        expect(await page.evaluate(embeddings(url, FILES))).toEqual(['refused', 'refused']);
        expect(await own.evaluate(embeddings(url, FILES))).toEqual(['loaded', 'loaded']);
        await page.evaluate(embeddings(url, DATA));
        await expectRefusals([...TARGETS, ...DATA.map(([, path]) => path)]);
        const cookies = await Promise.all(posted.map(async (each) => (await each.allHeaders())['cookie']));
        expect(cookies.map((cookie) => cookie?.startsWith('__Host-Http-surehand=') ?? false)).toEqual(
          TARGETS.map(() => isCookieSent),
        );
      });

      it('opens a page of the gateway, and sees nothing of it', async () => {
        const opening = context.waitForEvent('page');
        await page.evaluate(`globalThis.other = window.open('${landscape.gateway.url}/')`);
        const popup = await opening;
        await popup.waitForURL(`${landscape.gateway.url}/`);
        expect(await page.evaluate(PEEK)).toBe('nothing');
        // Nor does the page know who opened it: no message gets through.
        expect(await popup.evaluate('opener')).toBeNull();
        await popup.close();
      });

      /** At least what was sent to each of these was refused, and to nobody in particular. */
      async function expectRefusals(paths = TARGETS): Promise<void> {
        // A listed page would be welcome with a token; without the cookie it is nobody, who may well log out.
        const isNobody = isListed && !isCookieSent;
        const expected = paths.filter((path) => !(isNobody && path === LOGOUT));
        const isRefused = (path: string): boolean =>
          records().some((each, at) => at >= before && each['path'] === path);
        expect(await eventually(expected.length, () => expected.filter(isRefused))).toEqual(expected);
        const refusals = records().slice(before);
        expect(refusals.map(({ principal }) => principal)).toEqual(refusals.map(() => null));
        const nobody = isNobody ? ['unauthenticated'] : [];
        for (const { problem } of refusals) expect(['cross-site-request', ...nobody]).toContain(problem);
      }
    });

    /** Chromium looks for an icon of a page whenever it likes. */
    function records(): StoredRecord[] {
      return auditRecords(landscape.gateway.dataDir).filter(({ path }) => path !== '/favicon.ico');
    }
  });
});

function sessionState(): Promise<string> {
  return fetch('/auth/session', { headers: { 'X-Surehand': '1' } }).then((reply) => reply.text());
}
