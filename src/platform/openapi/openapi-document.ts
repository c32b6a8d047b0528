import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { IssuerEndpoints } from '../auth/issuer-metadata.js';
import type { Config } from '../config/config.js';
import { ACCESS_TOKEN } from '../http/route-facts.js';
import { complete } from './completed-document.js';
import { operationsOf } from './operations.js';

const DESCRIPTION = `
The back-office gateway to **handoffs** (corporate lending) and **deferred actions** (billing), at the paths and
with the bodies of the two systems' own references.

* Every write is recorded before it is sent and again when it has ended; \`Operation-Id\` names it.
* Every error is a problem document (RFC 9457). \`outcome\` says whether the write happened:
  \`rejected\` and \`not-applied\` mean no, \`unknown\` means that nobody knows yet. Do not repeat an unknown write.
* JSON and XML are equal, both ways. In XML, whatever is not a string says so in a \`type\` attribute.
`;

const TOKEN_DESCRIPTION =
  'A JWT access token (RFC 9068) of the issuer. A route names the scope that it needs.';

/** Name of its scheme in the document. */
const SESSION = 'session';
const SESSION_COOKIE = {
  type: 'apiKey' as const,
  in: 'cookie',
  name: '__Host-Http-surehand',
  description:
    'The cookie of a browser session, which /auth/login begins. With it every request needs the header `X-Surehand: 1`. The scopes are those of the session.',
};

/** The gateway's OpenAPI document. Its scopes are those that the routes ask for. */
export function openApiDocument(
  app: INestApplication,
  { sessions }: Pick<Config, 'sessions'>,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Surehand')
    .setDescription(DESCRIPTION.trim())
    .setVersion('1')
    .addServer('/', 'This gateway.')
    .addTag('Handoff', 'Handoffs from corporate lending to back-office systems.')
    .addTag('Deferred actions', 'Future-dated changes in billing.')
    .addTag('Writes', 'What became of every write, and who decides those that nobody else can.')
    .addTag('Audit trail', 'The records of everything that was done, refused or read.')
    .addTag('Browser sessions', 'For frontends that hold no token: login, logout, and who is signed in.')
    .addTag('Health', 'For whoever starts, stops and balances replicas.')
    .addBearerAuth(
      { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: TOKEN_DESCRIPTION },
      ACCESS_TOKEN,
    )
    .build();
  const document = SwaggerModule.createDocument(app, config, { operationIdFactory: operationId });
  if (sessions !== undefined) addSessionCookie(document);
  return complete(document);
}

/** Whatever takes an access token takes the cookie of a session instead. */
function addSessionCookie(document: OpenAPIObject): void {
  document.components = {
    ...document.components,
    securitySchemes: { ...document.components?.securitySchemes, [SESSION]: SESSION_COOKIE },
  };
  for (const { operation } of operationsOf(document))
    if (operation.security?.some((requirement) => ACCESS_TOKEN in requirement) === true)
      operation.security.push({ [SESSION]: [] });
}

/** `handoffUpdateStatus`: unique by construction, and a good name in generated clients. */
function operationId(controller: string, method: string): string {
  const subject = controller.replace(/Controller$/, '');
  return `${subject.charAt(0).toLowerCase()}${subject.slice(1)}${method.charAt(0).toUpperCase()}${method.slice(1)}`;
}

/** The document with the issuer's endpoints, so that "Authorize" works. */
export function withIssuer(document: OpenAPIObject, endpoints: IssuerEndpoints): OpenAPIObject {
  const { authorizationEndpoint, tokenEndpoint } = endpoints;
  if (authorizationEndpoint === undefined || tokenEndpoint === undefined) return document;
  const authorizationCode = {
    authorizationUrl: authorizationEndpoint,
    tokenUrl: tokenEndpoint,
    scopes: scopesOf(document),
  };
  const scheme = {
    type: 'oauth2' as const,
    description: TOKEN_DESCRIPTION,
    flows: { authorizationCode },
  };
  return {
    ...document,
    components: {
      ...document.components,
      securitySchemes: { ...document.components?.securitySchemes, [ACCESS_TOKEN]: scheme },
    },
  };
}

/** Every scope that a route asks for, and what it is needed for. */
export function scopesOf(document: OpenAPIObject): Record<string, string> {
  const needs = operationsOf(document).flatMap(({ operation: { security = [], summary = '' } }) =>
    security.flatMap((requirement) => requirement[ACCESS_TOKEN] ?? []).map((scope) => ({ scope, summary })),
  );
  return Object.fromEntries(
    [...Map.groupBy(needs, ({ scope }) => scope)].map(([scope, uses]) => [
      scope,
      uses.map(({ summary }) => summary).join('; '),
    ]),
  );
}
