import { Injectable, Logger } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { Config } from '../config/config.js';
import { Problem } from '../http/problem.js';
import { IssuerKeys } from './issuer-keys.js';
import { CLOCK_TOLERANCE_S, TOKEN_LENGTH, comparable } from './token-verifier.js';

/** What a provider says has ended: the sessions of a subject, or one session of its own, or both. */
export interface LogoutToken {
  readonly subject: string | undefined;
  /** The provider's name of its session, as ID tokens have it. */
  readonly sid: string | undefined;
  /** For finding out whether it comes again. */
  readonly jti: string;
  /** From then on it is refused anyhow. Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Why a token ends nothing. The reason is for the provider's developers: it says nothing about anybody. */
export interface RefusedLogoutToken {
  readonly refused: string;
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
/** Longer than any id that a provider makes. */
const LONGEST_NAME = 512;
/** A provider makes one when it sends it; an older one is a replay, or too late to matter. */
const MAX_AGE_S = 120;

/** Verifies logout tokens by OpenID Connect Back-Channel Logout 1.0 section 2.6; `typ` has to be explicit. */
@Injectable()
export class LogoutTokenVerifier {
  private readonly logger = new Logger(LogoutTokenVerifier.name);

  constructor(
    private readonly config: Config,
    private readonly keys: IssuerKeys,
  ) {}

  /**
   * Does not look whether the token came before: see `jti`.
   * @param clientId whom it has to be meant for
   * @throws Problem `identity-provider-unavailable` while no key is known
   */
  async verify(token: string, clientId: string): Promise<LogoutToken | RefusedLogoutToken> {
    if (token.length > TOKEN_LENGTH) return { refused: 'the token is too long' };
    await this.keys.ready();
    if (!this.keys.known) throw new Problem('identity-provider-unavailable');
    const { issuer, algorithms } = this.config.auth;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys.find, {
        issuer,
        audience: clientId,
        algorithms: [...algorithms],
        clockTolerance: CLOCK_TOLERANCE_S,
        maxTokenAge: MAX_AGE_S,
        requiredClaims: ['exp', 'jti'],
      });
      if (comparable(protectedHeader.typ) !== 'logout+jwt') return { refused: 'unexpected "typ"' };
      return read(payload);
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      this.logger.debug({ message: 'A logout token was refused', reason: error.code, claim: error.message });
      return { refused: error.message };
    }
  }
}

/** Items 4 to 7 of section 2.6. */
function read({ sub, sid, jti, iat, exp, nonce, events }: JWTPayload): LogoutToken | RefusedLogoutToken {
  if (!isObject(events) || !Object.hasOwn(events, EVENT) || !isObject(events[EVENT]))
    return { refused: '"events" does not say that it is a logout' };
  // So that no ID token is taken for a logout token.
  if (nonce !== undefined) return { refused: 'a logout token has no "nonce"' };
  if (!isName(jti)) return { refused: '"jti" is no name' };
  if (sub === undefined && sid === undefined) return { refused: 'neither "sub" nor "sid" says whose' };
  if (!isNameOrNothing(sub) || !isNameOrNothing(sid)) return { refused: '"sub" or "sid" is no name' };
  // Whatever its `exp` says, it is soon too old.
  const until = Math.min(Number(exp), Number(iat) + MAX_AGE_S);
  const expiresAt = (until + CLOCK_TOLERANCE_S) * 1_000;
  return { subject: sub, sid, jti, expiresAt };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME && !/\p{Cc}/u.test(value);
}

function isNameOrNothing(value: unknown): value is string | undefined {
  return value === undefined || isName(value);
}
