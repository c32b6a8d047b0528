import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Injectable, Logger } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { IssuerMetadata, type IssuerEndpoints } from '../auth/issuer-metadata.js';
import { Config } from '../config/config.js';
import { scopesOf, withIssuer } from './openapi-document.js';
import { INITIALIZER, PAGE } from './swagger-page.js';

export interface DocsFile {
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content: string | Buffer;
}

const ASSETS = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
/** The files of swagger-ui-dist that the page needs; no other is served. */
const ASSET_TYPES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'oauth2-redirect.html': 'text/html; charset=utf-8',
  'oauth2-redirect.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** What `/docs` and `/openapi.json` show. */
@Injectable()
export class Documentation {
  private readonly logger = new Logger(Documentation.name);
  private readonly assets: Map<string, DocsFile>;
  private base: OpenAPIObject | undefined;

  constructor(
    private readonly config: Config,
    private readonly issuer: IssuerMetadata,
  ) {
    this.assets = new Map(
      Object.entries(ASSET_TYPES).map(([name, type]) => [
        name,
        { type, headers: headersOf(name), content: readFileSync(join(ASSETS, name)) },
      ]),
    );
  }

  /** Takes the document that was made from the application's routes. */
  publish(document: OpenAPIObject): void {
    this.base = document;
    this.assets.set('initializer.js', {
      type: 'text/javascript; charset=utf-8',
      headers: {},
      content: this.initializer(document),
    });
  }

  /** The OpenAPI document, with the issuer's endpoints if it can be reached. */
  async document(): Promise<OpenAPIObject> {
    if (this.base === undefined) throw new Error('the OpenAPI document is not published yet');
    const endpoints = await this.endpoints();
    return endpoints === undefined ? this.base : withIssuer(this.base, endpoints);
  }

  /** The page, under a policy that lets it call this gateway and the issuer's token endpoint only. */
  async page(): Promise<DocsFile> {
    const endpoints = await this.endpoints();
    const issuer =
      endpoints?.tokenEndpoint === undefined ? '' : ` ${new URL(endpoints.tokenEndpoint).origin}`;
    return {
      type: 'text/html; charset=utf-8',
      headers: {
        'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'${issuer}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
        // The login opens in a window that must be able to report back.
        'cross-origin-opener-policy': 'same-origin-allow-popups',
      },
      content: PAGE,
    };
  }

  asset(name: string): DocsFile | undefined {
    return this.assets.get(name);
  }

  private async endpoints(): Promise<IssuerEndpoints | undefined> {
    try {
      return await this.issuer.get();
    } catch (error) {
      this.logger.warn({
        message: 'The documentation is shown without the issuer, which cannot be reached',
        cause: error,
      });
      return undefined;
    }
  }

  private initializer(document: OpenAPIObject): string {
    const { clientId } = this.config.docs;
    const settings = {
      redirectUrl: `${this.config.server.publicUrl}/docs/oauth2-redirect.html`,
      clientId: clientId ?? null,
      // Offered as already chosen: a token without a scope opens no route.
      scopes: Object.keys(scopesOf(document)),
    };
    return INITIALIZER.replace('SETTINGS', () => JSON.stringify(settings));
  }
}

function headersOf(name: string): Record<string, string> {
  const policy = {
    'content-security-policy': "default-src 'none'; script-src 'self'; frame-ancestors 'none'",
  };
  // The redirect page comes back from another origin and must find the window that opened it.
  return name.endsWith('.html') ? { ...policy, 'cross-origin-opener-policy': 'unsafe-none' } : {};
}
