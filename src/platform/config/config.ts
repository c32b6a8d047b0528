import { ConfigurationError, readEnvironment, type EffectiveSettings, type Values } from './environment.js';
import { faultsTogether } from './faults-together.js';
import { upstreamAuth, type UpstreamAuth, type UpstreamName } from './upstream-auth.js';

/** How one upstream is reached. Durations in milliseconds. */
export interface UpstreamConfig {
  readonly baseUrl: URL;
  readonly auth: UpstreamAuth;
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  /** After this the upstream closes a connection that nothing is sent on. */
  readonly idleTimeoutMs: number;
  /** Calls that may be in flight at once. */
  readonly maxInFlight: number;
  readonly circuitBreaker: boolean;
  /** PEM of certificates to believe besides the usual ones. */
  readonly ca: string | undefined;
}

/** Where traces go, and of what. */
export interface TracingConfig {
  /** Base URL of the collector. */
  readonly endpoint: URL;
  /** May hold its token. */
  readonly headers: Readonly<Record<string, string>>;
  /** Share of the traces that is exported. */
  readonly ratio: number;
  /** A caller that sends a trace decides whether it is exported. */
  readonly believesCallers: boolean;
  readonly serviceName: string;
  readonly resource: Readonly<Record<string, string>>;
}

/**
 * How browsers sign people in, and how long that lasts. Durations in milliseconds. The class is the interface and its
 * injection token, where there are sessions.
 */
export abstract class SessionsConfig {
  abstract readonly clientId: string;
  abstract readonly clientSecret: string;
  abstract readonly clientAuth: 'client_secret_basic' | 'client_secret_post';
  abstract readonly scope: string;
  /** Further parameters of the authorization request. */
  abstract readonly parameters: Readonly<Record<string, string>>;
  abstract readonly key: Buffer | undefined;
  abstract readonly idleMs: number;
  abstract readonly maxMs: number;
}

/** The configuration by topic. Made once, at start, and complete. */
export class Config {
  readonly production: boolean;
  readonly server;
  readonly log;
  readonly metrics;
  readonly tracing;
  readonly data;
  readonly writes;
  readonly handoff;
  readonly billingCare;
  readonly auth;
  readonly sessions;
  readonly docs;
  readonly audit;

  private constructor(
    values: Values,
    /** All of it as text, without the secrets: what a log may tell. */
    readonly effective: EffectiveSettings,
  ) {
    this.production = values.NODE_ENV === 'production';
    this.server = {
      host: values.HOST,
      port: values.PORT,
      publicUrl: values.PUBLIC_URL.href.replace(/\/$/, ''),
      corsOrigins: values.CORS_ORIGINS,
      /** The files of the frontend, if the gateway is to serve it. */
      frontend: values.FRONTEND_DIR,
      bodyLimitBytes: values.BODY_LIMIT_BYTES,
      requestsPerMinute: values.RATE_LIMIT_PER_MINUTE,
      trustedProxies: values.TRUSTED_PROXIES,
      drainMs: values.DRAIN_SECONDS * 1_000,
    };
    this.log = { level: values.LOG_LEVEL };
    this.metrics = { port: values.METRICS_PORT, host: values.METRICS_HOST };
    this.tracing = tracing(values);
    this.data = { directory: values.DATA_DIR, url: values.DATABASE_URL };
    this.writes = {
      idempotencyKeyRequired: values.IDEMPOTENCY_KEY === 'required',
      readBeforeWrite: values.READ_BEFORE_WRITE,
      settleWindowMs: values.SETTLE_WINDOW_MS,
    };
    this.handoff = {
      upstream: upstream('HANDOFF', values),
      /** Constant request headers of the lending platform; those without a value are not sent. */
      headers: {
        appId: values.HANDOFF_APP_ID,
        branchCode: values.HANDOFF_BRANCH_CODE,
        entityId: values.HANDOFF_ENTITY_ID,
        sourceCode: values.HANDOFF_SOURCE_CODE,
      },
      userIdClaim: values.HANDOFF_USER_ID_CLAIM,
      readBackFields: values.HANDOFF_READ_BACK_FIELDS,
      readBackUserId: values.HANDOFF_READ_BACK_USER_ID,
      notFoundCodes: values.HANDOFF_NOT_FOUND_CODES,
      statuses: values.HANDOFF_STATUSES,
      refPattern: values.HANDOFF_REF_PATTERN,
    };
    this.billingCare = {
      upstream: upstream('BILLING_CARE', values),
      plus: values.BILLING_CARE_PLUS,
      timeZone: values.BILLING_CARE_TIMEZONE,
    };
    this.auth = {
      issuer: values.AUTH_ISSUER,
      audience: values.AUTH_AUDIENCE,
      jwksUri: values.AUTH_JWKS_URI,
      keysRefreshMs: values.AUTH_JWKS_REFRESH_SECONDS * 1_000,
      tokenTypes: values.AUTH_TOKEN_TYPES,
      algorithms: values.AUTH_ALGORITHMS,
      scopeClaim: values.AUTH_SCOPE_CLAIM,
    };
    this.sessions = sessions(values);
    this.docs = { clientId: values.DOCS_CLIENT_ID };
    this.audit = {
      hmacKey: values.AUDIT_HMAC_KEY,
      hmacOtherKeys: values.AUDIT_HMAC_OTHER_KEYS,
      signingKey: values.AUDIT_SIGNING_KEY,
      sensitiveFields: values.AUDIT_SENSITIVE_FIELDS,
    };
  }

  /** Reads and checks the whole configuration, or throws a `ConfigurationError` that names every fault. */
  static fromEnvironment(environment: NodeJS.ProcessEnv): Config {
    const { values, effective, problems } = readEnvironment(environment);
    // What cannot even be read needs no second line.
    const all = new Map([...faultsTogether(values, environment), ...problems]);
    if (all.size > 0) throw new ConfigurationError(all);
    return new Config(values, effective);
  }
}

function tracing(values: Values): TracingConfig | undefined {
  const endpoint = values.OTEL_EXPORTER_OTLP_ENDPOINT;
  return (
    endpoint && {
      endpoint,
      headers: values.OTEL_EXPORTER_OTLP_HEADERS ?? {},
      ratio: values.OTEL_TRACES_SAMPLER_ARG,
      believesCallers: values.OTEL_TRACES_SAMPLER === 'parentbased_traceidratio',
      serviceName: values.OTEL_SERVICE_NAME,
      resource: values.OTEL_RESOURCE_ATTRIBUTES,
    }
  );
}

function sessions(values: Values): SessionsConfig | undefined {
  const { AUTH_CLIENT_ID: clientId, AUTH_CLIENT_SECRET: clientSecret } = values;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return {
    clientId,
    clientSecret,
    clientAuth: values.AUTH_CLIENT_AUTH,
    scope: values.AUTH_LOGIN_SCOPE,
    parameters: values.AUTH_LOGIN_PARAMETERS,
    key: values.SESSION_KEY,
    idleMs: values.SESSION_IDLE_MINUTES * 60_000,
    maxMs: values.SESSION_MAX_HOURS * 3_600_000,
  };
}

function upstream(name: UpstreamName, values: Values): UpstreamConfig {
  return {
    baseUrl: values[`${name}_BASE_URL`],
    auth: upstreamAuth(name, values),
    timeoutMs: values[`${name}_TIMEOUT_MS`],
    connectTimeoutMs: values[`${name}_CONNECT_TIMEOUT_MS`],
    idleTimeoutMs: values[`${name}_IDLE_TIMEOUT_MS`],
    maxInFlight: values[`${name}_MAX_IN_FLIGHT`],
    circuitBreaker: values[`${name}_CIRCUIT_BREAKER`],
    ca: values[`${name}_CA_FILE`],
  };
}
