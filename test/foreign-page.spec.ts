import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { recordsOf } from './support/audit-records.js';
import { describeInChromium } from './support/chromium.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

/** What a script of the page learnt of a request. */
interface Learnt {
  readonly status?: number;
  readonly operationId?: string | null;
  readonly code?: string | undefined;
  readonly failed?: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** Another port on the gateway's own host, which is the same site; and another site. */
const PLACES = ['127.0.0.1', 'localhost'] as const;

describeInChromium('A page of another origin', (launch) => {
  let frontend: Server;
  let port: number;
  let browser: Browser;
  /** Lists the page's origins, and lists none. */
  let open: Landscape;
  let closed: Landscape;

  beforeAll(async () => {
    frontend = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>elsewhere</title>');
    }).listen(0);
    await once(frontend, 'listening');
    ({ port } = frontend.address() as AddressInfo);
    [browser, open, closed] = await Promise.all([
      launch(),
      Landscape.start({ CORS_ORIGINS: PLACES.map((host) => `http://${host}:${port}`).join(',') }),
      Landscape.start(),
    ]);
  });
  afterAll(async () => {
    await browser.close();
    frontend.close();
    await Promise.all([open.end(), closed.end()]);
  });

  async function onPage<T>(host: string, use: (page: Page) => Promise<T>): Promise<T> {
    const page = await browser.newPage();
    try {
      await page.goto(`http://${host}:${port}/`);
      return await use(page);
    } finally {
      await page.close();
    }
  }

  /** Runs in the page what any script there can run. */
  function fetchFrom(page: Page, url: string, init: Sent): Promise<Learnt> {
    return page.evaluate(
      async ([address, options]) => {
        try {
          const reply = await fetch(address, options);
          const body = (await reply.json()) as { code?: string };
          return { status: reply.status, operationId: reply.headers.get('operation-id'), code: body.code };
        } catch (error) {
          return { failed: String(error) };
        }
      },
      [url, init] as const,
    );
  }

  async function aWrite(landscape: Landscape, token = 'wrong'): Promise<Sent> {
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    return {
      method: 'PUT',
      headers: {
        authorization: `Bearer ${token === 'right' ? await landscape.issuer.token() : token}`,
        'content-type': 'application/json',
        'idempotency-key': crypto.randomUUID(),
      },
      body: '{"scheduledDate":"2021-02-14"}',
    };
  }

  describe.each(PLACES)('at %s', (host) => {
    it('writes, and reads how the write ended, if it is listed', async () => {
      const init = await aWrite(open, 'right');
      const learnt = await onPage(host, (page) => fetchFrom(page, open.gateway.url + ACTION_PATH, init));
      expect(learnt).toMatchObject({
        status: 200,
        operationId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      });
      expect(open.billing.calls).toHaveLength(1);
    });

    it('reads what is wrong if it is listed', async () => {
      const init = await aWrite(open);
      const learnt = await onPage(host, (page) => fetchFrom(page, open.gateway.url + ACTION_PATH, init));
      expect(learnt).toMatchObject({ status: 401, code: 'unauthenticated' });
    });

    it('neither writes nor reads if it is not listed', async () => {
      const init = await aWrite(closed, 'right');
      const learnt = await onPage(host, async (page) => [
        await fetchFrom(page, closed.gateway.url + ACTION_PATH, init),
        await fetchFrom(page, `${closed.gateway.url}/problems`, {}),
      ]);
      const failed = { failed: 'TypeError: Failed to fetch' };
      expect(learnt).toEqual([failed, failed]);
      expect(closed.billing.calls).toEqual([]);
    });

    it('is refused a form, which asks nobody first, and the refusal is recorded', async () => {
      const resolution = `${closed.gateway.url}/writes/01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d/resolution`;
      const [status, requestId = ''] = await onPage(host, async (page) => {
        await page.setContent(`<form method="post" action="${resolution}"><button>Win</button></form>`);
        const answer = page.waitForResponse(resolution);
        await page.getByText('Win').click();
        const response = await answer;
        return [response.status(), response.headers()['x-request-id']] as const;
      });
      expect(status).toBe(403);
      expect(await recordsOf(closed.gateway.dataDir, requestId)).toMatchObject([
        { problem: 'cross-site-request', operation: 'write.resolve' },
      ]);
    });

    it('embeds nothing, but may link to what is open', async () => {
      const { url } = closed.gateway;
      await onPage(host, async (page) => {
        const picture = await page.evaluate(`new Promise((resolve) => {
          const picture = new Image();
          picture.onload = () => resolve('loaded');
          picture.onerror = () => resolve('refused');
          picture.src = '${url}/docs/favicon-32x32.png';
        })`);
        expect(picture).toBe('refused');
        await page.setContent(`<a href="${url}/problems">the problems</a>`);
        const answer = page.waitForResponse(`${url}/problems`);
        await page.getByText('the problems').click();
        expect((await answer).status()).toBe(200);
      });
    });
  });
});
