import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose';

export const AUDIENCE = 'surehand';
/** Every scope that exists so far. */
export const ALL_SCOPES =
  'handoff:read handoff:write deferred-actions:read deferred-actions:write deferred-actions:perform deferred-actions:delete';

interface Key {
  readonly kid: string;
  readonly alg: string;
  readonly privateKey: CryptoKey;
  readonly jwk: JWK;
}

/** What a test may ask of a token, beside its claims. */
export interface TokenOptions {
  readonly typ?: string | null;
  /** Of a published key: that key signs. Any other is only claimed. */
  readonly kid?: string;
  /** Signs instead of a published key. */
  readonly key?: CryptoKey | Uint8Array;
  readonly header?: Record<string, unknown>;
}

/** An issuer whose tokens may also be wrong in every way. Publishes discovery and keys over real HTTP. */
export class TokenIssuer {
  /** How often its keys were asked for. */
  keyRequests = 0;
  /** Answers 500 to everything while set. */
  down = false;
  private readonly keys: Key[] = [];

  private constructor(private readonly server: Server) {
    server.on('request', (request, response) => {
      if (this.down) {
        response.writeHead(500).end();
      } else if (request.url === '/.well-known/openid-configuration') {
        this.reply(response, {
          issuer: this.url,
          jwks_uri: `${this.url}/jwks`,
          authorization_endpoint: `${this.url}/auth`,
          token_endpoint: `${this.url}/token`,
        });
      } else if (request.url === '/jwks') {
        this.keyRequests++;
        this.reply(response, { keys: this.keys.map(({ jwk }) => jwk) });
      } else {
        response.writeHead(404).end();
      }
    });
  }

  static async start(): Promise<TokenIssuer> {
    const server = createServer().listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    const issuer = new TokenIssuer(server);
    await issuer.addKey();
    return issuer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Publishes one more key; it signs from now on. */
  async addKey(alg = 'RS256'): Promise<string> {
    const kid = `key-${Math.random().toString(36).slice(2)}`;
    const { privateKey, publicKey } = await generateKeyPair(alg);
    this.keys.unshift({
      kid,
      alg,
      privateKey,
      jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' },
    });
    return kid;
  }

  /** Stops publishing a key. */
  withdrawKey(kid: string): void {
    this.keys.splice(
      this.keys.findIndex((key) => key.kid === kid),
      1,
    );
  }

  /** The public part of the key that signs. */
  get publicKey(): JWK {
    return this.signingKey.jwk;
  }

  /** A token that is right in everything that the claims and options leave alone. A claim set to undefined is left out. */
  async token(
    claims: Record<string, unknown> = {},
    { typ = 'at+jwt', kid, key, header = {} }: TokenOptions = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: this.url,
      aud: AUDIENCE,
      sub: 'clerk',
      client_id: 'test-client',
      scope: ALL_SCOPES,
      iat: now,
      exp: now + 300,
      ...claims,
    };
    const published = this.keys.find((candidate) => candidate.kid === kid) ?? this.signingKey;
    return new SignJWT(payload)
      .setProtectedHeader({
        alg: published.alg,
        kid: kid ?? published.kid,
        ...(typ !== null && { typ }),
        ...header,
      })
      .sign(key ?? published.privateKey);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private get signingKey(): Key {
    const [key] = this.keys;
    if (key === undefined) throw new Error('the issuer has no key');
    return key;
  }

  private reply(response: ServerResponse, body: unknown): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
