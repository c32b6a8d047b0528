import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';

/** The members of the issuer's discovery document that the gateway uses. */
export interface IssuerEndpoints {
  readonly jwksUri: string;
  readonly authorizationEndpoint: string | undefined;
  readonly tokenEndpoint: string | undefined;
}

const TIMEOUT_MS = 5_000;
/** While the issuer is down it is asked at most this often, however many ask us. */
const FAILURE_KEPT_MS = 1_000;

/** Reads the issuer's discovery document (OpenID Connect Discovery 1.0 section 4) once, and keeps it. */
@Injectable()
export class IssuerMetadata {
  private endpoints: Promise<IssuerEndpoints> | undefined;
  private failedAt = -Infinity;

  constructor(private readonly config: Config) {}

  /** Rejects while the issuer cannot be reached or its document does not name it exactly. */
  async get(): Promise<IssuerEndpoints> {
    if (performance.now() - this.failedAt > FAILURE_KEPT_MS) this.endpoints ??= this.discover();
    if (this.endpoints === undefined) throw new Error('the token issuer could not be reached a moment ago');
    try {
      return await this.endpoints;
    } catch (error) {
      this.endpoints = undefined;
      this.failedAt = performance.now();
      throw error;
    }
  }

  private async discover(): Promise<IssuerEndpoints> {
    const { issuer } = this.config.auth;
    const document = await fetchJson(
      new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
    );
    if (document['issuer'] !== issuer)
      throw new Error(`the discovery document of ${issuer} names another issuer`);
    const jwksUri = document['jwks_uri'];
    if (typeof jwksUri !== 'string') throw new Error(`the discovery document of ${issuer} has no jwks_uri`);
    if (issuer.startsWith('https:') && !jwksUri.startsWith('https:')) {
      throw new Error(`the discovery document of ${issuer} names keys without https`);
    }
    return {
      jwksUri,
      authorizationEndpoint: textOrNothing(document['authorization_endpoint']),
      tokenEndpoint: textOrNothing(document['token_endpoint']),
    };
  }
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Fetches a JSON object from the issuer: 5 s at most, no redirects. */
export async function fetchJson(url: URL): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${url.href} answered ${response.status}`);
  const body: unknown = await response.json();
  if (typeof body !== 'object' || body === null) throw new Error(`${url.href} is not a JSON object`);
  return body as Record<string, unknown>;
}
