import { setTimeout as sleep } from 'node:timers/promises';
import { Gateway, freePort } from './gateway.js';
import { OpenIdProvider } from './openid-provider.js';
import { ScriptedUpstream } from './scripted-upstream.js';
import { Visitor } from './visitor.js';

/** What clocks may differ by: an access token is taken for so much longer, seconds. */
const TOLERANCE_S = 30;

export interface SessionLandscapeOptions {
  readonly settings?: Readonly<Record<string, string>>;
  readonly accessTokenSeconds?: number;
}

/** A gateway with browser sessions, between a real OpenID provider and two scripted upstreams. */
export class SessionLandscape {
  private constructor(
    readonly gateway: Gateway,
    readonly provider: OpenIdProvider,
    readonly lending: ScriptedUpstream,
    readonly billing: ScriptedUpstream,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start({
    settings = {},
    accessTokenSeconds,
  }: SessionLandscapeOptions = {}): Promise<SessionLandscape> {
    const port = await freePort();
    const [lending, billing, provider] = await Promise.all([
      ScriptedUpstream.start(),
      ScriptedUpstream.start(),
      OpenIdProvider.start(
        settings['PUBLIC_URL'] ?? `http://127.0.0.1:${port}`,
        accessTokenSeconds === undefined ? {} : { accessTokenSeconds },
      ),
    ]);
    const complete = {
      PORT: String(port),
      HANDOFF_BASE_URL: lending.url,
      BILLING_CARE_BASE_URL: `${billing.url}/bcws/webresources/v1.0`,
      ...provider.settings,
      AUTH_LOGIN_PARAMETERS: 'resource=urn%3Asurehand%3Agateway',
      ...settings,
    };
    return new SessionLandscape(await Gateway.start(complete), provider, lending, billing, complete);
  }

  /** A new gateway process on the same data, in the place of the one that has ended. */
  async restart(changes: Readonly<Record<string, string>> = {}): Promise<SessionLandscape> {
    const settings = { ...this.settings, DATA_DIR: this.gateway.dataDir, ...changes };
    return new SessionLandscape(
      await Gateway.start(settings),
      this.provider,
      this.lending,
      this.billing,
      settings,
    );
  }

  /** Another replica, on the same database; for browsers it is the same gateway. */
  async replica(): Promise<Gateway> {
    const { url } = this.gateway;
    return await Gateway.start({ ...this.settings, PORT: String(await freePort()), PUBLIC_URL: url });
  }

  /** Somebody with a browser that has never been here. */
  visitor(): Visitor {
    return new Visitor(this.gateway.url);
  }

  /** Somebody who has signed in. */
  async signedIn(username = 'clerk'): Promise<Visitor> {
    const visitor = this.visitor();
    await visitor.signIn(username, '/auth/session');
    return visitor;
  }

  /** Somebody who has signed in, and whose access token is to be refreshed from now on. */
  async dueVisitor(username = 'clerk'): Promise<Visitor> {
    const { falsify } = this.provider;
    this.provider.falsify = async (reply) => ({ ...(await falsify(reply)), expires_in: 1 });
    const visitor = await this.signedIn(username);
    this.provider.falsify = falsify;
    await sleep(600);
    return visitor;
  }

  /** The same, and its access token is over 1 to 2 seconds after the sign-in, the tolerance included. */
  async soonOverVisitor(): Promise<Visitor> {
    const { provider } = this;
    const { falsify } = provider;
    provider.falsify = (reply) =>
      provider.withAccessToken(reply, { exp: Math.floor(Date.now() / 1_000) - TOLERANCE_S + 2 });
    const visitor = await this.dueVisitor();
    provider.falsify = falsify;
    return visitor;
  }

  /** The same, and its access token is over: only a refresh helps. */
  async lateVisitor(): Promise<Visitor> {
    const visitor = await this.soonOverVisitor();
    await sleep(1_500);
    return visitor;
  }

  async end(): Promise<void> {
    await this.gateway.discard();
    await Promise.all([this.lending.close(), this.billing.close(), this.provider.close()]);
  }
}
