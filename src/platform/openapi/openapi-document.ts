import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import type { IssuerEndpoints } from '../auth/issuer-metadata.js';
import { ACCESS_TOKEN } from '../http/route-facts.js';

const DESCRIPTION = `
The back-office gateway to **handoffs** (corporate lending) and **deferred actions** (billing), at the paths and
with the bodies of the two systems' own references.

* Every write is recorded before it is sent and again when it has ended; \`Operation-Id\` names it.
* Every error is a problem document (RFC 9457). \`outcome\` says whether the write happened:
  \`rejected\` and \`not-applied\` mean no, \`unknown\` means that nobody knows yet. Do not repeat an unknown write.
* JSON and XML are equal, both ways. In XML, whatever is not a string says so in a \`type\` attribute.
`;

/** The gateway's OpenAPI document. Its scopes are those that the routes ask for. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Surehand')
    .setDescription(DESCRIPTION.trim())
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, ACCESS_TOKEN)
    .build();
  return SwaggerModule.createDocument(app, config);
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
  const scheme = { type: 'oauth2' as const, flows: { authorizationCode } };
  return { ...document, components: { ...document.components, securitySchemes: { [ACCESS_TOKEN]: scheme } } };
}

/** Every scope that a route asks for, and what it is needed for. */
function scopesOf(document: OpenAPIObject): Record<string, string> {
  const operations = Object.values(document.paths).flatMap(({ get, put, post, delete: remove }) => [
    get,
    put,
    post,
    remove,
  ]);
  const needs = operations.flatMap((operation) =>
    (operation?.security ?? [])
      .flatMap((requirement) => requirement[ACCESS_TOKEN] ?? [])
      .map((scope) => ({ scope, summary: operation?.summary ?? '' })),
  );
  return Object.fromEntries(
    [...Map.groupBy(needs, ({ scope }) => scope)].map(([scope, uses]) => [
      scope,
      uses.map(({ summary }) => summary).join('; '),
    ]),
  );
}
