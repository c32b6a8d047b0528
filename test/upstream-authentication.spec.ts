import { startBilling } from '../src/sandbox/billing/billing-server.js';
import { startLending } from '../src/sandbox/lending/lending-server.js';
import type { RunningServer } from '../src/sandbox/running-server.js';
import { ACTION_PATH, HANDOFF_PATH, Landscape, aHandoffUpdate } from './support/landscape.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

interface SandboxCall {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A way to authenticate: its settings, and the token call that it makes. */
interface Way {
  readonly settings: Record<string, string>;
  readonly tokenCall: {
    readonly method: string;
    readonly path: string;
    readonly body: string;
    readonly headers?: Record<string, string>;
  };
}

const NAME = 'surehand';
const SECRET = 'surehand-sandbox';
const BY_HEADER = { authorization: `Basic ${base64(`${NAME}:${SECRET}`)}` };
const LOGIN = JSON.stringify({ username: base64(NAME), password: base64(SECRET) });

const USER_AND_BCWS: readonly [Way, Way] = [
  {
    settings: { HANDOFF_AUTH: 'platojwt', HANDOFF_USERNAME: NAME, HANDOFF_PASSWORD: SECRET },
    tokenCall: {
      method: 'POST',
      path: '/platojwtauth',
      body: LOGIN,
      headers: { appid: 'SECSRV001', 'content-type': 'application/json' },
    },
  },
  {
    settings: {
      BILLING_CARE_AUTH: 'bcws',
      BILLING_CARE_CLIENT_ID: NAME,
      BILLING_CARE_CLIENT_SECRET: SECRET,
    },
    tokenCall: {
      method: 'GET',
      path: '/bcws/webresources/v1.0/authentication/queryAccessToken',
      body: '',
      headers: BY_HEADER,
    },
  },
];
const CLIENT_AND_OAUTH2: readonly [Way, Way] = [
  {
    settings: {
      HANDOFF_AUTH: 'platojwt',
      HANDOFF_CLIENT_ID: NAME,
      HANDOFF_CLIENT_SECRET: SECRET,
      HANDOFF_SOURCE_CODE: 'BFF',
      HANDOFF_TOKEN_URL: '/platojwtauth/',
    },
    tokenCall: {
      method: 'POST',
      path: '/platojwtauth/',
      body: LOGIN,
      headers: { appid: 'SECSRV001', sourcecode: 'BFF', 'content-type': 'application/json' },
    },
  },
  {
    settings: {
      BILLING_CARE_AUTH: 'oauth2',
      BILLING_CARE_CLIENT_ID: NAME,
      BILLING_CARE_CLIENT_SECRET: SECRET,
      BILLING_CARE_TOKEN_URL: '/oauth2/token',
      BILLING_CARE_SCOPE: 'billing.read billing.write',
    },
    tokenCall: {
      method: 'POST',
      path: '/oauth2/token',
      body: 'grant_type=client_credentials&scope=billing.read+billing.write',
      headers: { ...BY_HEADER, 'content-type': 'application/x-www-form-urlencoded' },
    },
  },
];
const OAUTH2_BY_BODY = ['HANDOFF', 'BILLING_CARE'].map((name): Way => {
  const entries = { AUTH: 'oauth2', CLIENT_ID: NAME, CLIENT_SECRET: SECRET, TOKEN_URL: '/oauth2/token' };
  return {
    settings: Object.fromEntries(
      Object.entries({ ...entries, CLIENT_AUTH: 'client_secret_post' }).map(([part, value]) => [
        `${name}_${part}`,
        value,
      ]),
    ),
    tokenCall: {
      method: 'POST',
      path: '/oauth2/token',
      body: `grant_type=client_credentials&client_id=${NAME}&client_secret=${SECRET}`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    },
  };
});

describe.each([
  ['platojwt with a user, bcws', USER_AND_BCWS, false],
  ['platojwt with a client and a lifetime in words, oauth2 by header', CLIENT_AND_OAUTH2, true],
  ['oauth2 by body, twice', OAUTH2_BY_BODY, false],
] as const)('the stand-ins of both systems, by %s', (_, ways, tokenLifetimeAsText) => {
  let servers: readonly RunningServer[];
  let landscape: Landscape;
  beforeAll(async () => {
    const options = { port: 0, host: '127.0.0.1', requireToken: true };
    const [lending, billing] = await Promise.all([
      startLending({ ...options, tokenLifetimeAsText }),
      startBilling(options),
    ]);
    servers = [lending, billing];
    const settings = ways.flatMap((way, index) =>
      Object.entries(way.settings).map(([name, value]) => [
        name,
        name.endsWith('_TOKEN_URL') ? `${servers[index]?.url ?? ''}${value}` : value,
      ]),
    );
    landscape = await Landscape.start({
      HANDOFF_BASE_URL: lending.url,
      BILLING_CARE_BASE_URL: `${billing.url}/bcws/webresources/v1.0`,
      HANDOFF_APP_ID: 'CLMO',
      ...(Object.fromEntries(settings) as Record<string, string>),
    });
  });
  afterAll(() => Promise.all([landscape.end(), ...servers.map((server) => server.close())]));

  it('issue one token each, and take it for two writes', async () => {
    for (let time = 0; time < 2; time++) {
      expect((await landscape.call(HANDOFF_PATH, { body: aHandoffUpdate() })).status).toBe(200);
      expect((await landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-14' } })).status).toBe(200);
    }
    for (const [index, { tokenCall }] of ways.entries()) {
      const received = await fetch(`${servers[index]?.url ?? ''}/sandbox/calls`);
      const [first, ...writes] = (await received.json()) as SandboxCall[];
      const { host, connection, 'content-length': _length, accept, ...headers } = first?.headers ?? {};
      expect({ ...first, headers }).toEqual({ headers: {}, ...tokenCall });
      const bearers = writes.map((write) => write.headers['authorization']);
      expect(bearers).toEqual([expect.stringMatching(/^Bearer [\w-]{32}$/), bearers[0]]);
    }
  });
});
