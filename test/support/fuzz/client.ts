import { setTimeout as sleep } from 'node:timers/promises';
import { generateKeyPair } from 'jose';
import { Pool } from 'undici';
import type { Landscape } from '../landscape.js';
import type { BadToken } from './mutations.js';
import type { Reply } from './reply.js';
import type { Wire } from './request.js';
import { IN_FLIGHT } from './run.js';

/** Longer than the gateway itself waits for anything. */
const PATIENCE_MS = 15_000;

/** Sends requests exactly as they are, over a few connections that are kept. */
export class Client {
  private constructor(
    private readonly pool: Pool,
    private readonly landscape: Landscape,
    private readonly scopes: readonly string[],
    private readonly good: string,
    private readonly bad: Readonly<Record<BadToken, string>>,
    private readonly byScope: ReadonlyMap<string, string>,
  ) {}

  /** The caller holds all of the scopes. */
  static async to(landscape: Landscape, scopes: readonly string[], lifetimeSeconds = 7_200): Promise<Client> {
    const { issuer, gateway } = landscape;
    const exp = Math.floor(Date.now() / 1000) + lifetimeSeconds;
    const claims = { scope: scopes.join(' '), exp };
    const stranger = await generateKeyPair('RS256');
    const bearer = async (...parameters: Parameters<typeof issuer.token>): Promise<string> =>
      `Bearer ${await issuer.token(...parameters)}`;
    const without = await Promise.all(
      scopes.map(async (scope) => {
        const others = scopes.filter((each) => each !== scope).join(' ');
        return [scope, await bearer({ ...claims, scope: others })] as const;
      }),
    );
    return new Client(
      new Pool(gateway.url, {
        connections: IN_FLIGHT,
        pipelining: 1,
        headersTimeout: PATIENCE_MS,
        bodyTimeout: PATIENCE_MS,
      }),
      landscape,
      scopes,
      (await bearer(claims)).replace('Bearer ', ''),
      {
        none: '',
        garbage: 'Bearer x.y.z',
        expired: await bearer({ ...claims, exp: 1_000_000_000 }),
        'other-audience': await bearer({ ...claims, aud: 'other' }),
        'other-key': await bearer(claims, { key: stranger.privateKey }),
        basic: 'Basic Y2xlcms6c2VjcmV0',
        'no-scope': '',
      },
      new Map(without),
    );
  }

  /**
   * Sends it, by default with a valid token; once more if the gateway cannot keep up and sent nothing, as it may
   * be beside other tests.
   */
  async send(wire: Wire, authorization = `Bearer ${this.good}`): Promise<Reply> {
    const reply = await this.sendOnce(wire, authorization);
    if (reply.status !== 503 || !reply.text.includes('overloaded')) return reply;
    await sleep(Number(reply.headers['retry-after']) * 1_000);
    return await this.sendOnce(wire, authorization);
  }

  private async sendOnce(wire: Wire, authorization: string): Promise<Reply> {
    const { method, path, headers, body = null } = wire;
    const {
      statusCode,
      headers: told,
      body: content,
    } = await this.pool.request({
      method,
      path,
      headers: { ...headers, ...(authorization !== '' && { authorization }) },
      body,
    });
    return { status: statusCode, headers: told, text: await content.text() };
  }

  /** The header of a token that opens nothing here, or nothing with this scope. */
  refused(token: BadToken, scope = ''): string {
    return token === 'no-scope' ? (this.byScope.get(scope) ?? '') : this.bad[token];
  }

  /** A caller that has made no call yet, so that no key is known. */
  async stranger(): Promise<string> {
    const sub = `clerk-${Math.random().toString(36).slice(2)}`;
    return `Bearer ${await this.landscape.issuer.token({ sub, scope: this.scopes.join(' ') })}`;
  }

  /** The valid token, with the scheme written as given. */
  spelled(scheme: string): string {
    return `${scheme} ${this.good}`;
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }
}
