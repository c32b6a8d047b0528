import { request } from 'undici';
import { CookieJar } from './cookie-jar.js';
import { followOf, siteOf, type Follow, type Step } from './onward.js';

/** How a page is asked for. */
export interface Navigation {
  readonly form?: Readonly<Record<string, string>>;
  /** The page that leads there; none for an address that somebody typed. */
  readonly from?: URL;
  /** Does not go on to this path, but stays at what leads there. */
  readonly before?: string;
}

export interface ApiCall {
  readonly method?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** One that is undefined is not sent, not even if a page would send it. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** The replica that gets it; for the page it is all one origin. */
  readonly at?: string;
}

const MOST_STEPS = 20;

/**
 * A browser without a screen: keeps cookies, follows redirects and pages that go on by themselves, fills in the
 * provider's login form, and calls the API as a page of the gateway does.
 */
export class Visitor {
  readonly jar = new CookieJar();
  /** All that it got, in order. */
  readonly steps: Step[] = [];

  /** @param gateway the origin of the gateway */
  constructor(private readonly gateway: string) {}

  /** Logs in and ends up at `returnTo`. */
  async signIn(username: string, returnTo = '/', password = 'surehand'): Promise<Step> {
    const form = await this.open(`${this.gateway}/auth/login?returnTo=${encodeURIComponent(returnTo)}`);
    return await this.submitLogin(form, username, password);
  }

  /** Fills in the login form that an earlier `open` led to. */
  async submitLogin(form: Step, username: string, password = 'surehand'): Promise<Step> {
    if (!form.body.includes('name="password"')) throw new Error(`no login form, but ${summary(form)}`);
    return await this.open(form.url.href, { form: { username, password }, from: form.url });
  }

  /** Logs out as a page does: the call, then the navigation that it names. */
  async signOut(returnTo = '/'): Promise<Step> {
    const reply = await this.call(`/auth/logout?returnTo=${encodeURIComponent(returnTo)}`, {
      method: 'POST',
    });
    const { next } = JSON.parse(reply.body) as { next: string };
    return await this.open(new URL(next, this.gateway).href, { from: new URL(this.gateway) });
  }

  /** Calls the API as a script on a page of the gateway does. */
  async call(
    path: string,
    { method = 'GET', body, headers = {}, at = this.gateway }: ApiCall = {},
  ): Promise<Step> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return await this.send(new URL(at + path), { method, crossSite: false, navigation: false }, text, {
      'x-surehand': '1',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
      'sec-fetch-dest': 'empty',
      ...(method !== 'GET' && { origin: this.gateway }),
      ...(text !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    });
  }

  /** Loads a page and goes wherever it leads without a person doing anything; the last reply. */
  async open(url: string, { form, from, before }: Navigation = {}): Promise<Step> {
    let next: Follow = { url: new URL(url), form, chain: from === undefined ? [] : [from] };
    for (let count = 0; count < MOST_STEPS; count++) {
      const step = await this.load(next);
      const follow = followOf(step, next);
      if (follow === undefined || follow.url.pathname === before) return step;
      next = follow;
    }
    throw new Error(`more than ${MOST_STEPS} steps, at last ${next.url.href}`);
  }

  /** Loads one page and follows nothing. */
  async load({ url, form, chain = [] }: Follow): Promise<Step> {
    const crossSite = chain.some((each) => siteOf(each) !== siteOf(url));
    const sending = { method: form === undefined ? 'GET' : 'POST', crossSite, navigation: true };
    return await this.send(url, sending, form && new URLSearchParams(form).toString(), {
      accept: 'text/html',
      'sec-fetch-site': fetchSite(url, chain),
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(form !== undefined && {
        origin: chain[0]?.origin ?? 'null',
        'content-type': 'application/x-www-form-urlencoded',
      }),
    });
  }

  private async send(
    url: URL,
    sending: { readonly method: string; readonly crossSite: boolean; readonly navigation: boolean },
    body: string | undefined,
    headers: Readonly<Record<string, string | undefined>>,
  ): Promise<Step> {
    const cookie = this.jar.header({ url, ...sending });
    const all = { ...(cookie !== undefined && { cookie }), ...headers };
    const reply = await request(url, {
      method: sending.method,
      headers: all,
      ...(body !== undefined && { body }),
    });
    const cookies = [reply.headers['set-cookie'] ?? []].flat();
    this.jar.take(url, cookies);
    const step = {
      method: sending.method,
      url,
      status: reply.statusCode,
      headers: Object.fromEntries(
        Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
      ),
      cookies,
      body: await reply.body.text(),
    };
    this.steps.push(step);
    return step;
  }
}

/** Of the page that leads there and of all redirects since, the one farthest away counts: Fetch Metadata, section 2.4. */
function fetchSite(url: URL, chain: readonly URL[]): string {
  if (chain.length === 0) return 'none';
  if (chain.some((each) => siteOf(each) !== siteOf(url))) return 'cross-site';
  return chain.every(({ origin }) => origin === url.origin) ? 'same-origin' : 'same-site';
}

function summary({ method, url, status, body }: Step): string {
  return `${method} ${url.href} answered ${status}: ${body.slice(0, 500)}`;
}
