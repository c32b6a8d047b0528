import { Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';
import { Sealing } from '../auth/sealing.js';
import { LOGIN_SECONDS } from './session-cookies.js';

/** A login under way: what has to be known again when the person comes back. The browser keeps it, sealed. */
export interface Login {
  readonly state: string;
  readonly nonce: string;
  /** The PKCE code verifier (RFC 7636). */
  readonly verifier: string;
  /** Where it leads. */
  readonly returnTo: string;
  /** Hash of the id of the session that it takes the place of. */
  readonly replaces: string | null;
}

/** Begins logins, and knows them again: nothing is kept of one that nobody ends. */
@Injectable()
export class Logins {
  constructor(private readonly sealing: Sealing) {}

  begin(returnTo: string, replaces: string | null): Login {
    return {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      returnTo,
      replaces,
    };
  }

  seal(login: Login): string {
    return this.sealing.seal('login', { ...login }, LOGIN_SECONDS);
  }

  /** Nothing unless it was sealed here, for this state, and a short while ago. */
  open(sealed: string | undefined, state: string): Login | undefined {
    const content = sealed === undefined ? undefined : this.sealing.open('login', sealed);
    // What was sealed as a login is one.
    return content?.['state'] === state ? (content as unknown as Login) : undefined;
  }
}
