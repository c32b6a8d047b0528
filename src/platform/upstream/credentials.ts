import type { Credentials } from '../config/upstream-auth.js';

/** What a call is authorised by. */
export interface Authorization {
  readonly kind: 'authorization';
  /** Value of the header; undefined if the upstream wants none. */
  readonly header: string | undefined;
  /** A token from before this call: it may have been withdrawn since, and be worth renewing. */
  readonly reused: boolean;
}

/** There is no token to make the call with. `refused`: the credentials need an operator. */
export interface NoToken {
  readonly kind: 'no-token';
  readonly reason: 'unavailable' | 'refused';
  readonly cause: Error;
}

/** What the gateway says to one upstream of who it is. The class is the interface and its injection token. */
export abstract class UpstreamCredentials {
  /** What to make a call with; waits for it as long as `waitMs`. */
  abstract current(waitMs: number): Promise<Authorization | NoToken>;
  /** What to make a call with instead of what was refused; the same again if there is nothing else. */
  abstract renewed(refused: Authorization, waitMs: number): Promise<Authorization | NoToken>;
}

/** The same for every call. */
export class FixedCredentials extends UpstreamCredentials {
  private readonly always: Authorization;

  constructor(header: string | undefined) {
    super();
    this.always = { kind: 'authorization', header, reused: false };
  }

  current(): Promise<Authorization> {
    return Promise.resolve(this.always);
  }

  renewed(): Promise<Authorization> {
    return Promise.resolve(this.always);
  }
}

/** HTTP Basic, RFC 7617. */
export function basic({ id, secret }: Credentials): string {
  return `Basic ${base64(`${id}:${secret}`)}`;
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

const REMOVED = '[credential]';

/** A reply in which the upstream does not repeat what it was shown: some error pages list the request's headers. */
export function withoutCredential(reply: Buffer, header: string | undefined): Buffer {
  const credential = header?.slice(header.indexOf(' ') + 1) ?? '';
  if (credential === '' || !reply.includes(credential)) return reply;
  return Buffer.from(reply.toString('latin1').replaceAll(credential, REMOVED), 'latin1');
}
