import type { Values } from './environment.js';

export type UpstreamName = 'HANDOFF' | 'BILLING_CARE';
export const UPSTREAM_NAMES: readonly UpstreamName[] = ['HANDOFF', 'BILLING_CARE'];

export interface Credentials {
  /** User name, or client id. */
  readonly id: string;
  readonly secret: string;
}

/** How the gateway says to an upstream who it is. Those with a `tokenUrl` fetch a bearer token there first. */
export type UpstreamAuth =
  | { readonly way: 'none' }
  | { readonly way: 'basic'; readonly credentials: Credentials }
  | {
      readonly way: 'platojwt';
      readonly tokenUrl: URL;
      readonly credentials: Credentials;
      readonly appId: string;
      /** Sent if the credentials are those of a client. */
      readonly sourceCode: string | undefined;
    }
  | { readonly way: 'bcws'; readonly tokenUrl: URL; readonly credentials: Credentials }
  | {
      readonly way: 'oauth2';
      readonly tokenUrl: URL;
      readonly credentials: Credentials;
      readonly method: 'client_secret_basic' | 'client_secret_post';
      readonly scope: string | undefined;
    };

const USER = ['USERNAME', 'PASSWORD'] as const;
const CLIENT = ['CLIENT_ID', 'CLIENT_SECRET'] as const;
type Part = (typeof USER | typeof CLIENT)[number];
type Pair = readonly [id: Part, secret: Part];

/** Which settings hold the credentials of a way. */
function partsOf(name: UpstreamName, values: Values): Pair | undefined {
  switch (values[`${name}_AUTH`]) {
    case 'none':
      return undefined;
    case 'basic':
      return USER;
    case 'platojwt':
      return values[`${name}_CLIENT_ID`] === undefined ? USER : CLIENT;
    case 'bcws':
    case 'oauth2':
      return CLIENT;
  }
}

/** The way that the values say. They have no `authFaults`. */
export function upstreamAuth(name: UpstreamName, values: Values): UpstreamAuth {
  const [id, secret] = partsOf(name, values) ?? USER;
  const credentials = { id: values[`${name}_${id}`] ?? '', secret: values[`${name}_${secret}`] ?? '' };
  const baseUrl = values[`${name}_BASE_URL`];
  const tokenUrl = values[`${name}_TOKEN_URL`];
  const way = values[`${name}_AUTH`];
  switch (way) {
    case 'none':
      return { way };
    case 'basic':
      return { way, credentials };
    case 'platojwt':
      return {
        way,
        tokenUrl: tokenUrl ?? below(baseUrl, '/platojwtauth'),
        credentials,
        appId: values.HANDOFF_TOKEN_APP_ID,
        sourceCode: id === 'CLIENT_ID' ? values.HANDOFF_SOURCE_CODE : undefined,
      };
    case 'bcws':
      return { way, tokenUrl: tokenUrl ?? below(baseUrl, '/authentication/queryAccessToken'), credentials };
    case 'oauth2':
      return {
        way,
        tokenUrl: tokenUrl ?? baseUrl,
        credentials,
        method: values[`${name}_CLIENT_AUTH`],
        scope: values[`${name}_SCOPE`],
      };
  }
}

function below(base: URL, path: string): URL {
  return new URL(base.pathname.replace(/\/$/, '') + path, base);
}

/** Names of settings, and what each lacks. */
export function authFaults(values: Values): (readonly [name: string, problem: string])[] {
  return UPSTREAM_NAMES.flatMap((name) => {
    const way = values[`${name}_AUTH`];
    const required = [
      ...(partsOf(name, values) ?? []),
      ...(way === 'oauth2' ? (['TOKEN_URL'] as const) : []),
      ...(way === 'platojwt' && values[`${name}_CLIENT_ID`] !== undefined ? (['SOURCE_CODE'] as const) : []),
    ];
    const missing = required
      .filter((part) => valueOf(values, `${name}_${part}`) === undefined)
      .map((part) => [`${name}_${part}`, `is required with ${name}_AUTH=${way}`] as const);
    const twoLogins =
      way === 'platojwt' &&
      [`${name}_USERNAME`, `${name}_CLIENT_ID`].every((id) => valueOf(values, id) !== undefined);
    return twoLogins
      ? [
          ...missing,
          [`${name}_CLIENT_ID`, `must not stand beside ${name}_USERNAME: one of them logs in`] as const,
        ]
      : missing;
  });
}

function valueOf(values: Values, name: string): unknown {
  return (values as Readonly<Record<string, unknown>>)[name];
}
