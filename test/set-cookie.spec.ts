import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { request } from 'undici';
import { describeInChromium } from './support/chromium.js';
import { exchange, requestBytes } from './support/raw-exchange.js';
import { faultsOf, isNoGateway, takeFaults } from './support/set-cookie-rules.js';

const SESSION = '__Host-Http-surehand=3q2-7w; Path=/; Secure; HttpOnly; SameSite=Strict';
const LOGIN =
  '__Host-Http-surehand-login-a1B2c3D4=sealed; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600';

describe('the rules for a cookie of the gateway, in every test [B3, B4, B5, B6, B7]', () => {
  it.each([
    ['of a session', SESSION],
    ['of a login', LOGIN],
    ['that is deleted', `${SESSION.replace('3q2-7w', '')}; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT`],
  ])('have nothing against one %s', (_, line) => {
    expect(faultsOf(line)).toEqual([]);
  });

  it.each<[fault: string, line: string]>([
    ['is called neither', SESSION.replace('-surehand', '-other')],
    ['is called neither', SESSION.replace('__Host-Http-', '__Host-')],
    ['is called neither', SESSION.replace('-surehand', '-surehand-login-a1B2')],
    ['is not Secure', SESSION.replace('Secure; ', '')],
    ['is not HttpOnly', SESSION.replace('HttpOnly; ', '')],
    ['has not the path /', SESSION.replace('Path=/', 'Path=/auth')],
    ['has not the path /', SESSION.replace('Path=/; ', '')],
    ['has a domain', `${SESSION}; Domain=bank.example`],
    ['has a domain', `${SESSION}; domain=`],
    ['has the wrong SameSite', SESSION.replace('Strict', 'Lax')],
    ['has the wrong SameSite', SESSION.replace('; SameSite=Strict', '')],
    ['has the wrong SameSite', LOGIN.replace('Lax', 'None')],
    ['outlives the browser', `${SESSION}; Max-Age=600`],
    ['outlives the browser', `${SESSION}; Expires=Thu, 01 Jan 2099 00:00:00 GMT`],
    ['is too long', SESSION.replace('3q2-7w', 'a'.repeat(180))],
    ['is too long', LOGIN.replace('sealed', 'a'.repeat(4_096))],
    ['holds a token', SESSION.replace('3q2-7w', 'eyJhbGciOiJSUzI1NiJ9.e30.x')],
    ['holds a token', LOGIN.replace('sealed', Buffer.from('of: refresh-token-1').toString('base64'))],
    ['holds a token', LOGIN.replace('sealed', '%72efresh-token-1')],
    ['has characters that RFC 6265 forbids', SESSION.replace('3q2-7w', 'a b')],
  ])('say of such a one that it %s: %.160s', (fault, line) => {
    expect(faultsOf(line, ['refresh-token-1'])).toEqual([expect.stringContaining(fault)]);
  });
});

describe('a reply that sets a wrong cookie', () => {
  const WRONG = SESSION.replace('Strict', 'Lax');
  const server = createServer((request, response) => {
    if (request.url === '/away') response.setHeader('location', '/plain').statusCode = 302;
    if (request.url !== '/plain') response.setHeader('set-cookie', [SESSION, WRONG]);
    response.end('ok');
  });
  let url: string;
  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => server.close());

  const ways: Record<string, () => Promise<unknown>> = {
    fetch: async () => (await fetch(url)).text(),
    undici: async () => (await request(url)).body.text(),
    'node:http': async () => {
      const [response] = (await once(get(url), 'response')) as [IncomingMessage];
      await once(response.resume(), 'end');
    },
    'a raw exchange': () => exchange(url, requestBytes({ method: 'GET', path: '/' })),
  };
  it.each(Object.keys(ways))('is noticed by %s, whichever test gets it', async (way) => {
    await ways[way]?.();
    expect(await takeFaults()).toEqual([`Set-Cookie: ${WRONG}\n  has the wrong SameSite`]);
  });

  describeInChromium('is noticed', (launch) => {
    it.each<[who: string, act: (page: Page) => Promise<unknown>]>([
      ['a page', (page) => page.goto(url)],
      ['a page that is led on', (page) => page.goto(`${url}away`)],
      ['a script', (page) => page.evaluate("fetch('/').then((reply) => reply.text())")],
      ['a window that a page opens', (page) => page.evaluate("void open('/')")],
    ])('by %s', async (_, act) => {
      const browser = await launch();
      const page = await browser.newPage();
      await page.goto(`${url}plain`);
      const reply = page.context().waitForEvent('response');
      await act(page);
      await reply;
      await browser.close();
      expect(await takeFaults()).toEqual([`Set-Cookie: ${WRONG}\n  has the wrong SameSite`]);
    });
  });

  it('is left alone if the server is said to be no gateway', async () => {
    isNoGateway(url);
    await Promise.all(Object.values(ways).map((way) => way()));
    expect(await takeFaults()).toEqual([]);
  });
});
