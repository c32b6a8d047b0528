import { hash } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload } from 'jose';
import { Config } from '../config/config.js';
import { Problem } from '../http/problem.js';
import { IssuerKeys } from './issuer-keys.js';
import { claimAt, type Principal } from './principal.js';
import { setBounded } from './bounded-map.js';

/** Clocks of issuer and gateway may differ by this much, seconds. */
export const CLOCK_TOLERANCE_S = 30;
/** Characters of a subject or a client. */
const LONGEST_NAME = 255;
/** A verdict on a token is remembered for this long before its signature is checked again. */
const REMEMBERED_FOR_MS = 60_000;
const BELIEVED_TOKENS = 1_000;
/** Apart from those, so that no flood of refused ones drives them out. */
const REFUSED_TOKENS = 1_000;
/** No real token comes near this; a longer one is not worth a signature check. */
export const TOKEN_LENGTH = 8_192;

interface Verdict {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Of the keys that it was verified with. */
  readonly generation: number;
}

interface Believed extends Verdict {
  readonly principal: Principal;
}

/**
 * Turns a bearer token into a principal, by RFC 9068 section 4: signature by a published key, algorithm and
 * `typ` from allow-lists, exact issuer, own audience, within its lifetime.
 */
@Injectable()
export class TokenVerifier {
  private readonly logger = new Logger(TokenVerifier.name);
  private readonly believed = new Map<string, Believed>();
  private readonly refused = new Map<string, Verdict>();

  constructor(
    private readonly config: Config,
    private readonly keys: IssuerKeys,
  ) {}

  /** Returns nothing for a token that is not valid: the reason is for the log, not for whoever sent it. */
  async verify(token: string): Promise<Principal | undefined> {
    if (token.length > TOKEN_LENGTH) return undefined;
    await this.keys.ready();
    if (!this.keys.known) throw new Problem('identity-provider-unavailable');
    const { generation } = this.keys;
    const digest = digestOf(token);
    const known = this.known(digest);
    if (known !== undefined) return known;
    if (stands(this.refused.get(digest), generation)) return undefined;
    const principal = await this.check(token, () => {
      const until = Date.now() + REMEMBERED_FOR_MS;
      setBounded(this.refused, digest, { until, generation }, REFUSED_TOKENS);
    });
    if (principal !== undefined) this.believe(digest, principal, generation);
    return principal;
  }

  /** Whom a token names that was verified a moment ago, by its digest; nothing if it is to be verified again. */
  known(digest: string): Principal | undefined {
    const verdict = this.believed.get(digest);
    return stands(verdict, this.keys.generation) ? verdict.principal : undefined;
  }

  /** Calls `isFinal` if the token is refused for what will not change, as long as the keys are the same. */
  private async check(token: string, isFinal: () => void): Promise<Principal | undefined> {
    const { issuer, audience, algorithms, tokenTypes } = this.config.auth;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, this.keys.find, {
        issuer,
        audience,
        algorithms: [...algorithms],
        clockTolerance: CLOCK_TOLERANCE_S,
        requiredClaims: ['exp'],
      });
      const type = comparable(protectedHeader.typ);
      if (!tokenTypes.some((accepted) => comparable(accepted) === type)) {
        throw new errors.JWTClaimValidationFailed('unexpected "typ"', payload, 'typ', 'check_failed');
      }
      const { sub } = payload;
      if (typeof sub !== 'string' || sub === '') {
        throw new errors.JWTClaimValidationFailed('"sub" names nobody', payload, 'sub', 'invalid');
      }
      const principal = this.principal(sub, payload);
      if (![sub, principal.client ?? ''].every(canBeRecorded)) {
        throw new errors.JWTClaimValidationFailed(
          'a name that no record can hold',
          payload,
          'sub',
          'invalid',
        );
      }
      return principal;
    } catch (error) {
      if (!(error instanceof errors.JOSEError)) throw error;
      this.logger.debug({ message: 'An access token was refused', reason: error.code, claim: error.message });
      if (!mayChange(error)) isFinal();
      return undefined;
    }
  }

  private principal(subject: string, claims: JWTPayload): Principal {
    const client = claims['client_id'] ?? claims['azp'];
    return {
      subject,
      client: typeof client === 'string' ? client : null,
      method: 'bearer',
      scopes: new Set(scopesOf(claimAt(claims, this.config.auth.scopeClaim))),
      claims,
    };
  }

  private believe(digest: string, principal: Principal, generation: number): void {
    const expiry = (Number(principal.claims['exp']) + CLOCK_TOLERANCE_S) * 1_000;
    const until = Math.min(expiry, Date.now() + REMEMBERED_FOR_MS);
    setBounded(this.believed, digest, { principal, until, generation }, BELIEVED_TOKENS);
  }
}

/** By which a token is known again, so that none lies around in memory for longer than its request. */
export function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}

/** What is longer (OpenID Connect Core 1.0 section 2), or no text in every store, would fail all that is stored with it. */
function canBeRecorded(name: string): boolean {
  return name.length <= LONGEST_NAME && name.isWellFormed() && !name.includes('\0');
}

function stands<T extends Verdict>(verdict: T | undefined, generation: number): verdict is T {
  return verdict?.generation === generation && Date.now() < verdict.until;
}

/** Its time is yet to come, or its key may be found at the next look-up. */
function mayChange(error: errors.JOSEError): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    (error instanceof errors.JWTClaimValidationFailed && error.claim === 'nbf')
  );
}

/** RFC 7515 section 4.1.9: "application/" may be left out, case does not matter. */
export function comparable(type: unknown): string | undefined {
  return typeof type === 'string' ? type.toLowerCase().replace(/^application\//, '') : undefined;
}

/** RFC 8693 section 4.2: a space-separated string; some issuers send an array instead. */
function scopesOf(claim: unknown): string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((scope) => scope !== '');
  return Array.isArray(claim) ? claim.filter((scope) => typeof scope === 'string') : [];
}
