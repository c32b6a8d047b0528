import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { webClient } from '../src/sandbox/identity-provider/clients.js';
import { describeInChromium } from './support/chromium.js';
import { freePort } from './support/gateway.js';
import { OpenIdProvider } from './support/openid-provider.js';
import { isNoGateway } from './support/set-cookie-rules.js';
import { Visitor } from './support/visitor.js';

const SCOPE = 'openid handoff:read handoff:write sessions:manage';

interface Tokens {
  readonly access_token: string;
  readonly id_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly scope: string;
}

/** As much of a gateway as a provider sees: a confidential client that keeps the tokens it is given. */
class Client {
  readonly tokens: Tokens[] = [];
  readonly toldToEnd: string[] = [];
  private readonly verifier = randomBytes(32).toString('base64url');
  private readonly server = createServer((request, response) => {
    void this.answer(request, response);
  });

  private constructor(
    readonly url: string,
    readonly provider: OpenIdProvider,
  ) {
    isNoGateway(url);
  }

  static async start(options?: Parameters<typeof OpenIdProvider.start>[1]): Promise<Client> {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const client = new Client(url, await OpenIdProvider.start(url, options));
    client.server.listen(port, '127.0.0.1');
    await once(client.server, 'listening');
    return client;
  }

  /** Those of the latest sign-in. */
  get latest(): Tokens {
    const tokens = this.tokens.at(-1);
    if (tokens === undefined) throw new Error('nobody has signed in');
    return tokens;
  }

  /** Asks an endpoint as this client; the status and what it said. */
  async ask(path: string, form: Record<string, string>): Promise<[status: number, body: unknown]> {
    const { AUTH_CLIENT_ID: id, AUTH_CLIENT_SECRET: secret } = this.provider.settings;
    const reply = await fetch(this.provider.url + path, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
      body: new URLSearchParams(form),
    });
    const body = await reply.text();
    return [reply.status, body === '' ? undefined : JSON.parse(body)];
  }

  refresh(tokens = this.latest): Promise<[status: number, body: unknown]> {
    return this.ask('/token', { grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  }

  logoutUrl(parameters: Record<string, string> = {}): string {
    const target = { client_id: webClient.id, post_logout_redirect_uri: `${this.url}/auth/logged-out` };
    return `${this.provider.url}/session/end?${new URLSearchParams({ ...target, ...parameters }).toString()}`;
  }

  async close(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await this.provider.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', this.url);
    if (pathname === '/auth/login') {
      response.writeHead(302, { location: this.authorizationUrl() }).end();
    } else if (pathname === '/auth/callback') {
      const [, tokens] = await this.ask('/token', {
        grant_type: 'authorization_code',
        code: searchParams.get('code') ?? '',
        redirect_uri: `${this.url}/auth/callback`,
        code_verifier: this.verifier,
      });
      this.tokens.push(tokens as Tokens);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<meta http-equiv="refresh" content="0; url=/at&amp;home">');
    } else if (pathname === '/auth/backchannel-logout') {
      this.toldToEnd.push(new URLSearchParams(await text(request)).get('logout_token') ?? '');
      response.end();
    } else {
      response.end(pathname + search);
    }
  }

  private authorizationUrl(): string {
    const parameters = new URLSearchParams({
      client_id: webClient.id,
      redirect_uri: `${this.url}/auth/callback`,
      response_type: 'code',
      scope: SCOPE,
      nonce: 'n-1',
      code_challenge: createHash('sha256').update(this.verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    return `${this.provider.url}/auth?${parameters.toString()}`;
  }
}

const REFUSED = [400, expect.objectContaining({ error: 'invalid_grant' })];
const REFRESHED = [200, expect.objectContaining({ access_token: expect.any(String) as string })];

describe('the sandbox’s identity provider, for browser sessions', () => {
  let client: Client;
  let visitor: Visitor;
  beforeAll(async () => (client = await Client.start({ accessTokenSeconds: 7 })));
  beforeEach(() => (visitor = new Visitor(client.url)));
  afterAll(() => client.close());

  const clerk = (): Promise<unknown> => visitor.signIn('clerk');

  it('signs a person in and issues a refresh token without offline_access', async () => {
    const page = await visitor.signIn('clerk');
    expect(page.body).toBe('/at&home');
    const { access_token, id_token, refresh_token, expires_in, scope } = client.latest;
    expect({ expires_in, scope }).toEqual({ expires_in: 7, scope: 'handoff:read handoff:write' });
    expect(refresh_token).toMatch(/^[\w-]{43}$/);
    expect(decodeProtectedHeader(access_token)).toMatchObject({ typ: 'at+jwt', alg: 'RS256' });
    expect(decodeJwt(access_token)).toMatchObject({ sub: 'clerk', aud: 'surehand' });
    expect(decodeProtectedHeader(id_token)).toMatchObject({ alg: 'RS256' });
    expect(decodeJwt(id_token)).toMatchObject({
      sub: 'clerk',
      aud: 'surehand-frontend',
      nonce: 'n-1',
    });
    expect(decodeJwt(id_token)['sid']).toMatch(/^[\w-]+$/);
  });

  it('lets the supervisor, and not the clerk, manage sessions', async () => {
    await visitor.signIn('supervisor');
    expect(client.latest.scope).toContain('sessions:manage');
  });

  it('asks for the password at each sign-in, so that the next one can be somebody else', async () => {
    await clerk();
    await visitor.signIn('supervisor');
    expect(decodeJwt(client.latest.id_token).sub).toBe('supervisor');
  });

  it('rotates refresh tokens, and ends the sign-in whose old one comes again', async () => {
    await clerk();
    const [, refreshed] = await client.refresh();
    expect(await client.refresh()).toEqual(REFUSED);
    expect(await client.refresh(refreshed as Tokens)).toEqual(REFUSED);
  });

  it('refreshes each of two sign-ins by one browser', async () => {
    await clerk();
    const first = client.latest;
    await clerk();
    expect(await client.refresh()).toEqual(REFRESHED);
    expect(await client.refresh(first)).toEqual(REFRESHED);
  });

  it('revokes', async () => {
    await clerk();
    const { refresh_token: token } = client.latest;
    expect(await client.ask('/token/revocation', { token })).toEqual([200, undefined]);
    expect(await client.refresh()).toEqual(REFUSED);
    expect(client.provider.revoked).toEqual([token]);
  });

  it('logs out without a question, tells the gateway by the back channel, and goes back to it', async () => {
    await clerk();
    const { id_token } = client.latest;
    const url = client.logoutUrl({ id_token_hint: id_token, state: 'home' });
    const page = await visitor.open(url, { from: new URL(client.url) });
    expect(page.body).toBe('/auth/logged-out?state=home');
    const logoutToken = client.toldToEnd.at(-1) ?? '';
    expect(decodeProtectedHeader(logoutToken)).toMatchObject({ typ: 'logout+jwt', alg: 'RS256' });
    expect(decodeJwt(logoutToken)).toMatchObject({ sub: 'clerk', sid: decodeJwt(id_token)['sid'] });
    expect(await client.refresh()).toEqual(REFUSED);
    expect(visitor.jar.of(client.provider.url).map(({ name }) => name)).not.toContain('_session');
    // Once more, with nothing left to end.
    expect((await visitor.open(url)).body).toBe('/auth/logged-out?state=home');
  });

  it('shows the page that ends its session under a policy that names its only script', async () => {
    await clerk();
    const page = await visitor.load({ url: new URL(client.logoutUrl()) });
    const policy = page.headers['content-security-policy'];
    expect(policy).toMatch(/script-src 'sha256-[^']+';/);
    expect(policy).toContain(`form-action 'self' ${client.url};`);
  });
});

describeInChromium('Signing in and out', (launch) => {
  it('works, and breaks no policy', async () => {
    const [client, browser] = await Promise.all([Client.start(), launch()]);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    await page.goto(`${client.url}/auth/login`);
    await page.getByLabel('User name').fill('clerk');
    await page.getByLabel('Password').fill('surehand');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(`${client.url}/at&home`);
    await page.goto(client.logoutUrl({ id_token_hint: client.latest.id_token }));
    await page.waitForURL(`${client.url}/auth/logged-out`);
    expect(client.toldToEnd).toHaveLength(1);
    expect(complaints).toEqual([]);
    await browser.close();
    await client.close();
  });
});

describe('a provider under a test’s control', () => {
  let client: Client;
  let visitor: Visitor;
  beforeEach(async () => {
    client = await Client.start();
    visitor = new Visitor(client.url);
    await visitor.signIn('clerk');
  });
  afterEach(() => client.close());

  it('counts what it is asked', async () => {
    await client.refresh();
    const { authorization, token, revocation, endSession } = client.provider.endpoints;
    expect([authorization, token, revocation, endSession].map(({ asked }) => asked)).toEqual([1, 2, 0, 0]);
    expect(client.provider.grants).toEqual(['authorization_code', 'refresh_token']);
  });

  it('ends the sessions of a person, whose refresh tokens are over then', async () => {
    await client.provider.endSessions('supervisor');
    expect(client.toldToEnd).toEqual([]);
    await client.provider.endSessions('clerk');
    expect(client.toldToEnd).toHaveLength(1);
    expect(client.toldToEnd).toEqual(client.provider.logoutTokens);
    expect(await client.refresh()).toEqual(REFUSED);
  });

  it('is slow, or answers by a fault', async () => {
    const { token } = client.provider.endpoints;
    const begun = performance.now();
    token.delayMs = 300;
    const [, tokens] = await client.refresh();
    expect(performance.now() - begun).toBeGreaterThan(290);
    token.delayMs = 0;
    client.tokens.push(tokens as Tokens);
    token.fault = 'invalid_grant';
    expect(await client.refresh()).toEqual(REFUSED);
    token.fault = 'unavailable';
    expect(await client.refresh()).toEqual([503, undefined]);
    token.fault = 'reset';
    await expect(client.refresh()).rejects.toThrow('fetch failed');
    token.fault = undefined;
    expect(await client.refresh()).toEqual(REFRESHED);
  });

  it('does its work and loses the answer', async () => {
    client.provider.endpoints.token.fault = 'lost';
    await expect(client.refresh()).rejects.toThrow('fetch failed');
    client.provider.endpoints.token.fault = undefined;
    // The rotated token never arrived; the old one is used up.
    expect(await client.refresh()).toEqual(REFUSED);
  });

  it('refuses connections, and takes them again', async () => {
    await client.provider.refuse();
    await expect(client.refresh()).rejects.toThrow('fetch failed');
    await client.provider.accept();
    expect(await client.refresh()).toEqual(REFRESHED);
  });

  it('falsifies ID tokens', async () => {
    client.provider.falsify = (reply) => client.provider.withIdToken(reply, { aud: 'somebody-else' });
    const [, { id_token }] = (await client.refresh()) as [number, Tokens];
    expect(decodeJwt(id_token)).toMatchObject({ sub: 'clerk', aud: 'somebody-else' });
  });
});
