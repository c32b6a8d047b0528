import { Injectable, Logger } from '@nestjs/common';
import {
  createLocalJWKSet,
  errors,
  type FlattenedJWSInput,
  type JSONWebKeySet,
  type JWSHeaderParameters,
} from 'jose';
import { Config } from '../config/config.js';
import { IssuerMetadata, fetchJson } from './issuer-metadata.js';

type KeySet = ReturnType<typeof createLocalJWKSet>;

/** While no key is known at all, the issuer is asked at most this often; the least refresh interval too. */
const FIRST_KEYS_MS = 1_000;
/** Unknown key ids make the issuer be asked at most this often, however many arrive. */
const UNKNOWN_KEY_MS = 30_000;

/**
 * The issuer's signature keys. Known keys go on working while the issuer is down; an unknown key id makes
 * it look again, at most every 30 s.
 */
@Injectable()
export class IssuerKeys {
  private readonly logger = new Logger(IssuerKeys.name);
  private keys: KeySet | undefined;
  private published = '';
  /** When the last look-up ended, well or not. */
  private askedAt = -Infinity;
  private soughtAt = -Infinity;
  private loading: Promise<void> | undefined;

  /** Changes when the published keys change: what was verified by an older generation is verified again. */
  generation = 0;

  constructor(
    private readonly config: Config,
    private readonly metadata: IssuerMetadata,
  ) {}

  /** Whether any key is known: without one, no token can be judged. */
  get known(): boolean {
    return this.keys !== undefined;
  }

  /**
   * Loads the keys once they are missing or old, so that a withdrawn key is noticed. A refresh of known keys
   * delays nobody, unless nobody has asked for so long that they may be older than twice the interval.
   */
  async ready(): Promise<void> {
    const age = performance.now() - this.askedAt;
    const { keysRefreshMs } = this.config.auth;
    if (age > (this.keys === undefined ? FIRST_KEYS_MS : 2 * keysRefreshMs)) await this.load();
    else if (age > keysRefreshMs) void this.load();
  }

  /** The key for a token's header, for jose. Throws jose's `JWKSNoMatchingKey` for an unknown one. */
  readonly find = async (header: JWSHeaderParameters, token: FlattenedJWSInput): ReturnType<KeySet> => {
    try {
      return await this.lookUp(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      // Whoever comes while a look-up is under way waits for it: right after a rotation that may be many.
      if (this.loading === undefined) {
        const now = performance.now();
        if (now - this.soughtAt < UNKNOWN_KEY_MS) throw error;
        this.soughtAt = now;
      }
      await this.load();
      return await this.lookUp(header, token);
    }
  };

  private async lookUp(header: JWSHeaderParameters, token: FlattenedJWSInput): ReturnType<KeySet> {
    if (this.keys === undefined) throw new errors.JWKSNoMatchingKey();
    return this.keys(header, token);
  }

  private load(): Promise<void> {
    this.loading ??= this.fetch().finally(() => (this.loading = undefined));
    return this.loading;
  }

  private async fetch(): Promise<void> {
    try {
      const jwks = await fetchJson(this.config.auth.jwksUri ?? new URL((await this.metadata.get()).jwksUri));
      this.keys = createLocalJWKSet(jwks as unknown as JSONWebKeySet);
      const published = JSON.stringify(jwks);
      if (published !== this.published) this.generation++;
      this.published = published;
    } catch (error) {
      this.logger.error({ message: 'The keys of the token issuer could not be loaded', cause: error });
    }
    this.askedAt = performance.now();
  }
}
