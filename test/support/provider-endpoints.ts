import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Where a provider of oidc-provider has its endpoints. */
export const PATHS = {
  authorization: '/auth',
  token: '/token',
  revocation: '/token/revocation',
  endSession: '/session/end',
  discovery: '/.well-known/openid-configuration',
  keys: '/jwks',
} as const;

/** One endpoint, as a test wants it to behave from now on. */
export class Endpoint {
  /** How often it was asked, whatever it answered. */
  asked = 0;
  /** Waits before it does anything. */
  delayMs = 0;
  /**
   * What it does instead of its work: `reset` breaks the connection; `lost` does the work, and then breaks it.
   * An OAuth error such as `invalid_grant` is answered with 400.
   */
  fault:
    | 'unavailable'
    | 'reset'
    | 'lost'
    | 'invalid_grant'
    | 'interaction_required'
    | 'invalid_scope'
    | 'invalid_client'
    | undefined;

  /** Answers as it was told, or by its own work. */
  async behave(request: IncomingMessage, response: ServerResponse, work: Answer): Promise<void> {
    this.asked++;
    if (this.delayMs > 0) await sleep(this.delayMs);
    const { fault } = this;
    if (fault === undefined) await work(request, response);
    else if (fault === 'reset') request.socket.destroy();
    else if (fault === 'unavailable') response.writeHead(503).end();
    else if (fault === 'lost') {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
      await work(request, response);
    } else {
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: fault }));
    }
  }
}

export type Endpoints = Readonly<Record<keyof typeof PATHS, Endpoint>>;

export function endpoints(): Endpoints {
  return Object.fromEntries(Object.keys(PATHS).map((name) => [name, new Endpoint()])) as Endpoints;
}

/** The endpoint of a request's target, if it is one of these. */
export function endpointAt(all: Endpoints, target = ''): Endpoint | undefined {
  const [path] = target.split('?');
  const names = Object.keys(PATHS) as (keyof typeof PATHS)[];
  const name = names.find((each) => PATHS[each] === path);
  return name === undefined ? undefined : all[name];
}
