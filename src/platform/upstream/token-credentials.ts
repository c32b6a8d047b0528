import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ConnectionPool } from './connection-pool.js';
import { UpstreamCredentials, type Authorization, type NoToken } from './credentials.js';
import { sendWithin } from './send-within.js';
import { isRefusal, readToken, tokenCall, type TokenAuth } from './token-call.js';
import { until } from './until.js';
import { mayBeAskedAgain, type UpstreamClient } from './upstream-client.js';

/** A token is not used for the last part of its life, which ends at the upstream's clock and not at ours. */
const MARGIN_SHARE = 0.1;
const LONGEST_MARGIN_MS = 60_000;
/** Whoever refuses credentials is not shown them more often than that: some lock an account. */
const REFUSED_FOR_MS = 1_000;

/** Times in milliseconds of the monotonic clock. */
interface HeldToken {
  readonly header: string;
  readonly renewFrom: number;
  readonly useUntil: number;
}

/** A bearer token that is fetched when a call needs one: one token call, however many wait for it. */
export class TokenCredentials extends UpstreamCredentials implements OnApplicationShutdown {
  private readonly logger = new Logger(TokenCredentials.name);
  private held: HeldToken | undefined;
  private renewal: Promise<Authorization | NoToken> | undefined;
  private refusal: { readonly answer: NoToken; readonly until: number } | undefined;

  constructor(
    private readonly endpoint: UpstreamClient,
    private readonly auth: TokenAuth,
    private readonly connections: ConnectionPool,
  ) {
    super();
  }

  async current(waitMs: number): Promise<Authorization | NoToken> {
    const held = this.usable();
    if (held === undefined) return await within(waitMs, this.renew());
    // Behind the call: the token is good for a while yet, also if its endpoint is not there just now.
    if (performance.now() >= held.renewFrom) void this.renew();
    return reused(held);
  }

  async renewed(refused: Authorization, waitMs: number): Promise<Authorization | NoToken> {
    if (this.held?.header === refused.header) this.held = undefined;
    // Another call may have met the same refusal, and renewed it already.
    const held = this.usable();
    return held === undefined ? await within(waitMs, this.renew()) : reused(held);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connections.onApplicationShutdown();
  }

  private usable(): HeldToken | undefined {
    return this.held !== undefined && performance.now() < this.held.useUntil ? this.held : undefined;
  }

  private renew(): Promise<Authorization | NoToken> {
    if (this.refusal !== undefined && performance.now() < this.refusal.until) {
      return Promise.resolve(this.refusal.answer);
    }
    this.renewal ??= this.fetch()
      .catch((error: unknown) => this.none('unavailable', 'could not be called', error))
      .finally(() => {
        this.renewal = undefined;
      });
    return this.renewal;
  }

  private async fetch(): Promise<Authorization | NoToken> {
    // The life of a token may begin when it is asked for.
    const asked = performance.now();
    const exchange = await sendWithin(
      this.endpoint,
      'token',
      tokenCall(this.auth),
      Date.now() + this.endpoint.timeoutMs,
      mayBeAskedAgain,
    );
    if (exchange.kind !== 'answered') {
      return this.none('unavailable', 'did not answer', exchange.cause);
    }
    const issued = readToken(exchange, this.auth.way);
    if (typeof issued === 'string') {
      return this.none(isRefusal(exchange) ? 'refused' : 'unavailable', issued);
    }
    const { token, lifetimeMs } = issued;
    const header = `Bearer ${token}`;
    const margin = Math.min(lifetimeMs * MARGIN_SHARE, LONGEST_MARGIN_MS);
    const useUntil = asked + lifetimeMs - margin;
    this.held = { header, useUntil, renewFrom: useUntil - margin };
    this.refusal = undefined;
    this.endpoint.metrics.tokenFetched(this.endpoint.system.name, 'issued');
    return { kind: 'authorization', header, reused: false };
  }

  private none(reason: NoToken['reason'], what: string, cause?: unknown): NoToken {
    const { name } = this.endpoint.system;
    this.endpoint.metrics.tokenFetched(name, reason);
    const error = new Error(`the token endpoint of ${name} ${what}`, { cause });
    const answer: NoToken = { kind: 'no-token', reason, cause: error };
    if (reason === 'refused') this.refusal = { answer, until: performance.now() + REFUSED_FOR_MS };
    this.logger.warn({ message: 'No upstream token could be fetched', system: name, reason, cause: error });
    return answer;
  }
}

function reused({ header }: HeldToken): Authorization {
  return { kind: 'authorization', header, reused: true };
}

/** A token, as long as the call can wait for it. Whoever else waits goes on. */
async function within(
  waitMs: number,
  renewal: Promise<Authorization | NoToken>,
): Promise<Authorization | NoToken> {
  const cause = (): Error => new Error(`there was no upstream token within ${Math.round(waitMs)} ms`);
  return (
    (await until(Date.now() + waitMs, renewal)) ?? { kind: 'no-token', reason: 'unavailable', cause: cause() }
  );
}
