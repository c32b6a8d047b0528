import { builtFrontend } from './built-frontend.js';
import { encodedPairs, headers, loginParameters } from './encoded-pairs.js';
import {
  addresses,
  certificateFile,
  decimal,
  ed25519Key,
  flag,
  headerValue,
  integer,
  issuer,
  key,
  list,
  loginScope,
  oneOf,
  origin,
  pairs,
  pattern,
  postgresUrl,
  ratio,
  text,
  timeZone,
  url,
  type Setting,
} from './setting.js';

const CLIENT_AUTH = ['client_secret_basic', 'client_secret_post'] as const;
const SIGNATURE_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const;

function setting<T>(
  read: (value: string) => T,
  about: string,
  rest: Omit<Setting<NoInfer<T>>, 'read' | 'about'> = {},
): Setting<T> {
  return { read, about, ...rest };
}

function secret<T>(read: (value: string) => T, about: string): Setting<T | undefined> {
  return { read, about, secret: true, fallback: undefined };
}

function optional<T>(read: (value: string) => T, about: string): Setting<T | undefined> {
  return { read, about, fallback: undefined };
}

/** Every environment variable that the gateway reads. Secrets may also come from a file, as `NAME_FILE`. */
export const SETTINGS = {
  NODE_ENV: setting(
    oneOf('development', 'test', 'production'),
    '`production` turns the production refusals on',
    {
      fallback: 'development',
    },
  ),
  HOST: setting(text, 'address to listen on', { fallback: '0.0.0.0' }),
  PORT: setting(integer(0, 65_535), 'port to listen on; 0 picks a free one', { fallback: 3000 }),
  PUBLIC_URL: setting(
    url,
    'where clients reach the gateway; base of problem types and of the documentation',
    {
      fallback: new URL('http://localhost:3000'),
    },
  ),
  FRONTEND_DIR: optional(
    builtFrontend,
    'directory of a built frontend, which the gateway then serves at `/`; else another server does',
  ),
  CORS_ORIGINS: setting(
    list(origin),
    'origins, besides that of `PUBLIC_URL`, whose pages may call the gateway, comma-separated',
    { fallback: [] },
  ),
  RATE_LIMIT_PER_MINUTE: setting(
    integer(0, 1_000_000),
    'requests a minute of each principal, and of each address without one, per replica; 0: no limit',
    { fallback: 600 },
  ),
  TRUSTED_PROXIES: optional(
    addresses,
    'proxies whose `X-Forwarded-For` is believed, as addresses and CIDR blocks, comma-separated; else nobody is',
  ),
  DRAIN_SECONDS: setting(
    integer(0, 14),
    'after SIGTERM, s for which an unready process still serves; at least the probe interval of the balancer times the failures it waits for',
    { fallback: 1 },
  ),
  LOG_LEVEL: setting(oneOf('debug', 'info', 'warn', 'error', 'silent'), 'least severe level that is logged', {
    fallback: 'info',
  }),
  BODY_LIMIT_BYTES: setting(integer(1_024, 1_048_576), 'largest request body, bytes', { fallback: 65_536 }),
  METRICS_PORT: optional(
    integer(0, 65_535),
    'port for `/metrics`, in the text format of Prometheus; without it nothing is counted. 0 picks a free one',
  ),
  METRICS_HOST: setting(text, 'address for `/metrics`: whoever reaches it may read it', {
    fallback: '127.0.0.1',
  }),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(
    url,
    'where traces go: base URL of an OpenTelemetry collector, which gets them as JSON at `/v1/traces` below; without it there are none',
  ),
  OTEL_EXPORTER_OTLP_HEADERS: secret(headers, 'request headers for the collector, such as its token'),
  OTEL_TRACES_SAMPLER: setting(
    oneOf('traceidratio', 'parentbased_traceidratio'),
    'whose word counts on what is exported. `parentbased_traceidratio`: that of the caller, if it sends a `traceparent`; only where a proxy makes each of them, since anybody can send one',
    { fallback: 'traceidratio' },
  ),
  OTEL_TRACES_SAMPLER_ARG: setting(ratio, 'share of the traces that is exported', { fallback: 1 }),
  OTEL_SERVICE_NAME: setting(text, 'name of the gateway in its traces', { fallback: 'surehand' }),
  OTEL_RESOURCE_ATTRIBUTES: setting(
    encodedPairs,
    'what else to say of the gateway in its traces, such as `deployment.environment.name=test`',
    { fallback: {} },
  ),
  DATA_DIR: setting(text, 'directory of the embedded database and of generated keys; one process owns it', {
    fallback: './data',
  }),

  DATABASE_URL: secret(
    postgresUrl,
    'PostgreSQL that keeps the trail, for several replicas; else SQLite in `DATA_DIR`. In production with `?sslmode=verify-full`, unless it is on this machine',
  ),
  DATABASE_UNENCRYPTED: setting(
    flag,
    'lets production reach PostgreSQL without verified TLS: only where nobody else is on the network between them',
    { fallback: false },
  ),
  IDEMPOTENCY_KEY: setting(oneOf('optional', 'required'), 'whether a write must carry an `Idempotency-Key`', {
    fallback: 'optional',
  }),
  READ_BEFORE_WRITE: setting(flag, 'read the resource before each write, so that a read-back can tell more', {
    fallback: false,
  }),
  SETTLE_WINDOW_MS: setting(
    integer(100, 600_000),
    'how long after its deadline an undecided write may still take effect, ms',
    { fallback: 30_000 },
  ),

  HANDOFF_BASE_URL: setting(url, 'lending: everything before `/clmo-handoff-services`'),
  HANDOFF_AUTH: setting(
    oneOf('none', 'basic', 'platojwt', 'oauth2'),
    'how to authenticate to lending; `none` is refused in production',
    {
      fallback: 'none',
    },
  ),
  HANDOFF_USERNAME: optional(text, 'user name for `basic` and `platojwt`'),
  HANDOFF_PASSWORD: secret(text, 'password for `basic` and `platojwt`'),
  HANDOFF_CLIENT_ID: optional(text, 'client id for `oauth2`; for `platojwt` instead of a user name'),
  HANDOFF_CLIENT_SECRET: secret(text, 'secret of that client'),
  HANDOFF_TOKEN_URL: optional(
    url,
    'token endpoint for `oauth2`; for `platojwt` it is `/platojwtauth` below `HANDOFF_BASE_URL` unless set',
  ),
  HANDOFF_TOKEN_APP_ID: setting(headerValue, 'request header `appId` of the `platojwt` token call', {
    fallback: 'SECSRV001',
  }),
  HANDOFF_CLIENT_AUTH: setting(
    oneOf(...CLIENT_AUTH),
    'where the `oauth2` token call has the client secret: in `Authorization` or in the body',
    { fallback: 'client_secret_basic' },
  ),
  HANDOFF_SCOPE: optional(text, 'scope to ask for with `oauth2`'),
  HANDOFF_TIMEOUT_MS: setting(integer(300, 120_000), 'lending: whole call, ms', { fallback: 10_000 }),
  HANDOFF_CONNECT_TIMEOUT_MS: setting(integer(50, 60_000), 'lending: connect and TLS, ms', {
    fallback: 2_000,
  }),
  HANDOFF_IDLE_TIMEOUT_MS: setting(
    integer(20, 600_000),
    'lending: after how long it, or what stands before it, closes an idle connection, ms; the gateway closes it after half of that',
    { fallback: 8_000 },
  ),
  HANDOFF_MAX_IN_FLIGHT: setting(
    integer(1, 256),
    'lending: calls that may be in flight at once; of those beyond, a few wait for 40 ms, and the others are answered 503 `overloaded`',
    { fallback: 32 },
  ),
  HANDOFF_CIRCUIT_BREAKER: setting(
    flag,
    'lending: send nothing for 5 s when half of 20 or more calls of an operation failed within 10 s, and repeat no more than a fifth of what is sent there',
    { fallback: true },
  ),
  HANDOFF_CA_FILE: optional(
    certificateFile,
    'lending: certificates (PEM) to believe besides the usual ones; TLS checks cannot be switched off',
  ),
  HANDOFF_APP_ID: optional(headerValue, 'request header `appId`'),
  HANDOFF_BRANCH_CODE: optional(headerValue, 'request header `branchCode`'),
  HANDOFF_ENTITY_ID: optional(headerValue, 'request header `entityId`'),
  HANDOFF_SOURCE_CODE: optional(
    headerValue,
    'request header `sourceCode`; also of the `platojwt` token call of a client',
  ),
  HANDOFF_USER_ID_CLAIM: setting(text, "token claim sent as the header `userId`; never the client's word", {
    fallback: 'sub',
  }),
  HANDOFF_READ_BACK_FIELDS: setting(
    pairs,
    'which members of a read handoff record hold the fields of a write, as field=member pairs; any other field is looked for under its own name',
    { fallback: {} },
  ),
  HANDOFF_NOT_FOUND_CODES: setting(
    list(text),
    'codes by which lending says that it knows no such handoff, comma-separated',
    { fallback: [] },
  ),
  HANDOFF_READ_BACK_USER_ID: optional(headerValue, "`userId` of read-backs; the writer's subject if not set"),
  HANDOFF_STATUSES: setting(list(text), 'allow-list of `handoffStatus`, comma-separated; empty allows any', {
    fallback: [],
  }),
  HANDOFF_REF_PATTERN: setting(pattern, 'what a handoff reference looks like', {
    fallback: /^[A-Za-z0-9_-]{1,64}$/,
  }),

  BILLING_CARE_BASE_URL: setting(url, 'billing: everything before `/deferredactions`'),
  BILLING_CARE_AUTH: setting(
    oneOf('none', 'basic', 'bcws', 'oauth2'),
    'how to authenticate to billing; `none` is refused in production',
    {
      fallback: 'none',
    },
  ),
  BILLING_CARE_USERNAME: optional(text, 'user name for `basic`'),
  BILLING_CARE_PASSWORD: secret(text, 'password for `basic`'),
  BILLING_CARE_CLIENT_ID: optional(text, 'client id for `bcws` and `oauth2`'),
  BILLING_CARE_CLIENT_SECRET: secret(text, 'secret of that client'),
  BILLING_CARE_TOKEN_URL: optional(
    url,
    'token endpoint for `oauth2`; for `bcws` it is `/authentication/queryAccessToken` below `BILLING_CARE_BASE_URL` unless set',
  ),
  BILLING_CARE_CLIENT_AUTH: setting(
    oneOf(...CLIENT_AUTH),
    'where the `oauth2` token call has the client secret: in `Authorization` or in the body',
    { fallback: 'client_secret_basic' },
  ),
  BILLING_CARE_SCOPE: optional(text, 'scope to ask for with `oauth2`'),
  BILLING_CARE_TIMEOUT_MS: setting(integer(300, 120_000), 'billing: whole call, ms', { fallback: 10_000 }),
  BILLING_CARE_CONNECT_TIMEOUT_MS: setting(integer(50, 60_000), 'billing: connect and TLS, ms', {
    fallback: 2_000,
  }),
  BILLING_CARE_IDLE_TIMEOUT_MS: setting(
    integer(20, 600_000),
    'billing: after how long it, or what stands before it, closes an idle connection, ms; the gateway closes it after half of that',
    { fallback: 8_000 },
  ),
  BILLING_CARE_MAX_IN_FLIGHT: setting(
    integer(1, 256),
    'billing: calls that may be in flight at once; of those beyond, a few wait for 40 ms, and the others are answered 503 `overloaded`',
    { fallback: 32 },
  ),
  BILLING_CARE_CIRCUIT_BREAKER: setting(
    flag,
    'billing: send nothing for 5 s when half of 20 or more calls of an operation failed within 10 s, and repeat no more than a fifth of what is sent there',
    { fallback: true },
  ),
  BILLING_CARE_CA_FILE: optional(
    certificateFile,
    'billing: certificates (PEM) to believe besides the usual ones; TLS checks cannot be switched off',
  ),
  BILLING_CARE_TIMEZONE: setting(timeZone, "zone of the billing server's dates", { fallback: 'UTC' }),
  BILLING_CARE_PLUS: setting(oneOf('encoded', 'raw'), 'how a `+` in an id is sent upstream: `%2B` or `+`', {
    fallback: 'encoded',
  }),

  AUTH_ISSUER: setting(issuer, 'issuer of access tokens; its discovery document is read'),
  AUTH_AUDIENCE: setting(text, 'audience that access tokens must name'),
  AUTH_JWKS_URI: optional(url, 'key set of the issuer; by discovery if not set'),
  AUTH_JWKS_REFRESH_SECONDS: setting(
    integer(1, 3_600),
    'how often the key set is read again, s: so long is a withdrawn key still believed',
    { fallback: 60 },
  ),
  AUTH_TOKEN_TYPES: setting(list(text), 'accepted `typ` of access tokens, comma-separated', {
    fallback: ['at+jwt'],
  }),
  AUTH_ALGORITHMS: setting(
    list(oneOf(...SIGNATURE_ALGORITHMS)),
    'accepted signature algorithms, comma-separated',
    {
      fallback: SIGNATURE_ALGORITHMS,
    },
  ),
  AUTH_SCOPE_CLAIM: setting(
    text,
    'claim that holds the scopes: `scope`, `scp` or a path such as `realm_access.roles`',
    {
      fallback: 'scope',
    },
  ),
  AUTH_CLIENT_ID: optional(
    text,
    'OAuth client of the gateway, by which browsers sign people in; without it there are no sessions',
  ),
  AUTH_CLIENT_SECRET: secret(text, 'secret of that client; required with it'),
  AUTH_CLIENT_AUTH: setting(
    oneOf(...CLIENT_AUTH),
    'where the gateway has its client secret when it asks the issuer: in `Authorization` or in the body',
    { fallback: 'client_secret_basic' },
  ),
  AUTH_LOGIN_SCOPE: setting(loginScope, 'scopes to ask for at a login; the access token may have fewer', {
    fallback:
      'openid handoff:read handoff:write deferred-actions:read deferred-actions:write deferred-actions:perform deferred-actions:delete writes:read writes:resolve audit:read sessions:manage',
  }),
  AUTH_LOGIN_PARAMETERS: setting(
    loginParameters,
    'what else to say at a login, such as `resource=https%3A%2F%2Fgateway.example` or `audience=surehand`, so that the access token is for this gateway',
    { fallback: {} },
  ),
  SESSION_KEY: secret(
    key,
    'key that seals the tokens of sessions, base64; required in production and with `DATABASE_URL`, else generated into `DATA_DIR`. With another key nobody is signed in any more',
  ),
  SESSION_IDLE_MINUTES: setting(
    decimal(0.02, 1_440),
    'a session ends after so long without a request, minutes',
    {
      fallback: 30,
    },
  ),
  SESSION_MAX_HOURS: setting(decimal(0.001, 168), 'a session ends after so long in any case, hours', {
    fallback: 10,
  }),
  DOCS_CLIENT_ID: optional(text, 'public OAuth client that Swagger UI offers under "Authorize"'),

  AUDIT_HMAC_KEY: secret(
    key,
    'key for sensitive fields in the trail, base64; required in production, else generated into `DATA_DIR`',
  ),
  AUDIT_HMAC_OTHER_KEYS: secret(
    list(key),
    'other keys for sensitive fields, comma-separated: those of before the key was changed, or the next one; what they made is recognised',
  ),
  AUDIT_SIGNING_KEY: secret(
    ed25519Key,
    'key that signs checkpoints (PEM); required in production, else generated into `DATA_DIR`',
  ),
  AUDIT_SENSITIVE_FIELDS: setting(list(text), 'fields stored as keyed HMAC in the trail, comma-separated', {
    fallback: ['serviceLogin'],
  }),
} satisfies Record<string, Setting<unknown>>;
