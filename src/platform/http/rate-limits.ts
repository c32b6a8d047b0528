import type { FastifyReply } from 'fastify';
import { Problem } from './problem.js';
import { RequestBudgets } from './request-budgets.js';
import type { RequestContext } from './request-context.js';
import { networkOf } from './source-address.js';

/** The name of the one policy there is. */
const POLICY = '"default"';

/** Whose budget a request is taken from. */
type Spender = Pick<RequestContext, 'principal' | 'address'>;

/**
 * Holds everybody to so many requests a minute: a verified principal by name, wherever they come from, and
 * strangers by their address. What strangers do is never counted against a principal.
 */
export class RateLimits {
  private readonly principals: RequestBudgets;
  private readonly strangers: RequestBudgets;

  /** 0 means no limits. */
  constructor(private readonly perMinute: number) {
    this.principals = new RequestBudgets(perMinute);
    this.strangers = new RequestBudgets(perMinute);
  }

  /**
   * Counts a request and says in the reply how the budget stands, by draft-ietf-httpapi-ratelimit-headers-11.
   * Throws `rate-limited` if nothing was left.
   */
  spend({ principal, address }: Spender, reply: FastifyReply): void {
    if (this.perMinute === 0) return;
    const { exhausted, remaining, resetSeconds } =
      principal === undefined
        ? this.strangers.spend(networkOf(address ?? ''))
        : this.principals.spend(JSON.stringify([principal.subject, principal.client]));
    void reply.headers({
      'ratelimit-policy': `${POLICY};q=${this.perMinute};w=${this.principals.windowSeconds}`,
      ratelimit: `${POLICY};r=${remaining};t=${resetSeconds}`,
    });
    if (!exhausted) return;
    const whose = principal === undefined ? 'this address' : 'this user and client';
    throw new Problem('rate-limited', {
      detail: `No more than ${this.perMinute} requests a minute of ${whose} are taken.`,
      headers: { 'retry-after': String(resetSeconds) },
    });
  }
}
