import type { Values } from './environment.js';
import { UPSTREAM_NAMES, authFaults } from './upstream-auth.js';

/** The name of a setting, and what is wrong with it. */
type Fault = readonly [name: string, problem: string];

/** What is wrong with settings that can each be read: they do not fit together, or production refuses them. */
export function faultsTogether(values: Values, environment: NodeJS.ProcessEnv): Fault[] {
  return [
    ...authFaults(values),
    ...missingReadBackUser(values),
    ...samePort(values),
    ...sessionFaults(values),
    ...productionRefusals(values),
    ...uncheckedTls(environment),
  ];
}

/** A read-back comes later, when of the writer only the subject is known. */
function missingReadBackUser(values: Values): Fault[] {
  return values.HANDOFF_USER_ID_CLAIM === 'sub' || values.HANDOFF_READ_BACK_USER_ID !== undefined
    ? []
    : [['HANDOFF_READ_BACK_USER_ID', 'is required with a HANDOFF_USER_ID_CLAIM other than sub']];
}

/** Figures on the clients' own port would be anybody's. */
function samePort({ PORT, METRICS_PORT }: Values): Fault[] {
  return METRICS_PORT !== undefined && METRICS_PORT === PORT && PORT !== 0
    ? [['METRICS_PORT', 'must not be the same as PORT']]
    : [];
}

/** Browser sessions need a confidential client (RFC 10017), and replicas a key that they all have. */
function sessionFaults(values: Values): Fault[] {
  const { AUTH_CLIENT_ID: id, AUTH_CLIENT_SECRET: secret } = values;
  if (id === undefined)
    return secret === undefined ? [] : [['AUTH_CLIENT_ID', 'is required with AUTH_CLIENT_SECRET']];
  const faults: Fault[] = [];
  if (secret === undefined) faults.push(['AUTH_CLIENT_SECRET', 'is required with AUTH_CLIENT_ID']);
  if ((URL.parse(String(values.PUBLIC_URL))?.pathname ?? '/') !== '/')
    faults.push(['PUBLIC_URL', 'must have no path with AUTH_CLIENT_ID: the cookie is for the whole host']);
  if (values.SESSION_KEY === undefined && values.DATABASE_URL !== undefined)
    faults.push([
      'SESSION_KEY',
      'is required with AUTH_CLIENT_ID and DATABASE_URL: all replicas need the same',
    ]);
  return faults;
}

const WEB_ADDRESSES = [
  'CORS_ORIGINS',
  'AUTH_ISSUER',
  'AUTH_JWKS_URI',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'HANDOFF_BASE_URL',
  'HANDOFF_TOKEN_URL',
  'BILLING_CARE_BASE_URL',
  'BILLING_CARE_TOKEN_URL',
] as const;

/** What production does not start with. */
function productionRefusals(values: Values): Fault[] {
  if (values.NODE_ENV !== 'production') return [];
  const plainHttp = WEB_ADDRESSES.filter((name) => [values[name]].flat().some(isPlainHttp)).map(
    (name): Fault => [name, 'must be https in production, unless it is on loopback'],
  );
  const open = UPSTREAM_NAMES.filter((name) => values[`${name}_AUTH`] === 'none').map((name): Fault => [
    `${name}_AUTH`,
    'must not be none in production',
  ]);
  const keys = (['AUDIT_HMAC_KEY', 'AUDIT_SIGNING_KEY'] as const)
    .filter((name) => values[name] === undefined)
    .map((name): Fault => [name, 'is required in production']);
  return [...plainHttp, ...open, ...keys, ...openDatabase(values), ...insecureSessions(values)];
}

/** Cookies that are Secure do not come back over plain http. */
function insecureSessions({ AUTH_CLIENT_ID, SESSION_KEY, PUBLIC_URL }: Values): Fault[] {
  if (AUTH_CLIENT_ID === undefined) return [];
  return [
    ...(SESSION_KEY === undefined
      ? [['SESSION_KEY', 'is required in production with AUTH_CLIENT_ID'] as const]
      : []),
    ...(isPlainHttp(PUBLIC_URL)
      ? [['PUBLIC_URL', 'must be https in production with AUTH_CLIENT_ID, unless it is on loopback'] as const]
      : []),
  ];
}

/** Whoever is on the way to the database could read the trail, and answer in its place. */
function openDatabase({ DATABASE_URL, DATABASE_UNENCRYPTED }: Values): Fault[] {
  if (DATABASE_URL === undefined || DATABASE_UNENCRYPTED) return [];
  const { hostname, searchParams } = DATABASE_URL;
  const host = searchParams.get('host') ?? hostname;
  const isHere = host.startsWith('/') || LOOPBACK.test(host);
  return isHere || searchParams.get('sslmode') === 'verify-full'
    ? []
    : [['DATABASE_URL', 'must say sslmode=verify-full in production, unless DATABASE_UNENCRYPTED is on']];
}

/** Node would believe any certificate, whatever the rest of the configuration says. */
function uncheckedTls(environment: NodeJS.ProcessEnv): Fault[] {
  const name = 'NODE_TLS_REJECT_UNAUTHORIZED';
  return environment[name] === '0' ? [[name, 'must not be 0: TLS checks cannot be switched off']] : [];
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

function isPlainHttp(address: URL | string | undefined): boolean {
  const url = address === undefined ? null : URL.parse(String(address));
  return url?.protocol === 'http:' && !LOOPBACK.test(url.hostname);
}
