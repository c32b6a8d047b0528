import { hash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import { auditRows } from './support/audit-records.js';
import { freePort } from './support/gateway.js';
import type { Step } from './support/onward.js';
import { PostgresServer } from './support/postgres.js';
import { Scrapes } from './support/scrape.js';
import { SessionLandscape } from './support/session-landscape.js';
import type { Visitor } from './support/visitor.js';

const SESSION_KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 2).toString('base64');

function codeOf({ status, body }: Step): [number, unknown] {
  return [status, (JSON.parse(body) as { code?: string }).code];
}

/** What the cookie of a session holds. */
function cookieOf(visitor: Visitor, landscape: SessionLandscape): string {
  const kept = visitor.jar.of(landscape.gateway.url).find(({ name }) => name === '__Host-Http-surehand');
  return kept?.value ?? '';
}

describe('sessions in a file', () => {
  let landscape: SessionLandscape;
  let scrapes: Scrapes;
  /** What must never be told: of every token reply, every session's cookie, and the client's secret. */
  const secrets = new Set<string>();
  /** What gateways that have ended had logged. */
  const logged: string[] = [];
  beforeAll(async () => {
    scrapes = new Scrapes(await freePort());
    landscape = await SessionLandscape.start({ settings: { METRICS_PORT: String(scrapes.port) } });
    secrets.add(landscape.provider.settings['AUTH_CLIENT_SECRET'] ?? '');
    landscape.provider.falsify = (reply) => {
      for (const name of ['access_token', 'refresh_token', 'id_token']) secrets.add(String(reply[name]));
      return reply;
    };
  });
  afterAll(() => landscape.end());

  /** A person whose every reply is remembered. */
  const people: Visitor[] = [];
  async function somebody(username: string, isDue = false): Promise<Visitor> {
    const visitor = await (isDue ? landscape.dueVisitor(username) : landscape.signedIn(username));
    people.push(visitor);
    secrets.add(cookieOf(visitor, landscape));
    return visitor;
  }

  function change(statement: string, ...parameters: readonly string[]): void {
    const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));
    try {
      expect(database.prepare(statement).run(...parameters).changes).toBeGreaterThan(0);
    } finally {
      database.close();
    }
  }

  async function restart(settings: Readonly<Record<string, string>> = {}): Promise<void> {
    logged.push(...landscape.gateway.log);
    await landscape.gateway.stop();
    landscape = await landscape.restart(settings);
  }

  it('are counted as they begin and end, and so are their refreshes', async () => {
    const { token, revocation } = landscape.provider.endpoints;
    const grown = await scrapes.grown(
      ['surehand_sessions_total', 'surehand_session_refreshes_total'],
      async () => {
        const [clerk, refused, failing] = [
          await somebody('clerk', true),
          await somebody('clerk', true),
          await somebody('clerk', true),
        ];
        await clerk.call('/writes');
        token.fault = 'invalid_grant';
        await refused.call('/writes');
        token.fault = 'invalid_client';
        await failing.call('/writes');
        // What is told of a failed revocation, too.
        revocation.fault = 'unavailable';
        await failing.call('/auth/logout', { method: 'POST' });
        await sleep(200);
        token.fault = undefined;
        revocation.fault = undefined;
      },
    );
    expect(grown).toEqual({
      'surehand_sessions_total{event="started"}': 3,
      'surehand_sessions_total{event="refresh-refused"}': 1,
      'surehand_sessions_total{event="logout"}': 1,
      'surehand_session_refreshes_total{result="refreshed"}': 1,
      'surehand_session_refreshes_total{result="refused"}': 1,
      'surehand_session_refreshes_total{result="unavailable"}': 1,
    });
  });

  describe('open to nobody who can write to the database:', () => {
    it.each<[string, (own: string, ownSession: string, session: string) => void]>([
      [
        'with the hash of the own cookie in somebody’s row',
        (own, ownSession, session) => {
          change("update sessions set id_hash = 'elsewhere' where session = ?", ownSession);
          change('update sessions set id_hash = ? where session = ?', own, session);
        },
      ],
      [
        'with somebody’s tokens in the own row',
        (_, ownSession, session) => {
          change(
            'update sessions set tokens = (select tokens from sessions where session = ?) where session = ?',
            session,
            ownSession,
          );
        },
      ],
      [
        'with somebody’s name in the own row',
        (_, ownSession) => {
          change("update sessions set subject = 'supervisor' where session = ?", ownSession);
        },
      ],
    ])('%s', async (_, tamper) => {
      const clerk = await somebody('clerk');
      const { session: ownSession } = JSON.parse((await clerk.call('/auth/session')).body) as Named;
      const supervisor = await somebody('supervisor');
      const { session } = JSON.parse((await supervisor.call('/auth/session')).body) as Named;
      tamper(hash('sha256', cookieOf(clerk, landscape), 'base64url'), ownSession, session);
      expect(codeOf(await clerk.call('/writes'))).toEqual([401, 'unauthenticated']);
      expect(JSON.parse((await clerk.call('/auth/session')).body)).toMatchObject({ authenticated: false });
    });
  });

  it('survive a restart, with a refresh token that still works, whether or not the provider shows its keys', async () => {
    const [clerk, due] = [await somebody('clerk'), await somebody('clerk', true)];
    const { grants, endpoints } = landscape.provider;
    const before = grants.length;
    await restart();
    expect((await clerk.call('/writes')).status).toBe(200);
    // The provider has forgotten the old refresh token by the time it answers: nothing may lose the new one.
    endpoints.keys.fault = 'unavailable';
    const grown = await scrapes.grown(['surehand_session_refreshes_total'], async () => {
      expect((await due.call('/writes')).status).toBe(200);
    });
    endpoints.keys.fault = undefined;
    expect(grown).toEqual({ 'surehand_session_refreshes_total{result="refreshed"}': 1 });
    expect(grants.slice(before)).toEqual(['refresh_token']);
  });

  it('are nobody’s with another key, and one signs in again', async () => {
    const clerk = await somebody('clerk');
    await restart({ SESSION_KEY: OTHER_KEY });
    expect(codeOf(await clerk.call('/writes'))).toEqual([401, 'unauthenticated']);
    expect(JSON.parse((await clerk.call('/auth/session')).body)).toMatchObject({ authenticated: false });
    await clerk.signIn('clerk', '/auth/session');
    secrets.add(cookieOf(clerk, landscape));
    expect((await clerk.call('/writes')).status).toBe(200);
    expect((await clerk.signOut()).status).toBe(404);
    expect((await clerk.call('/writes')).status).toBe(401);
  });

  it('tell nothing of tokens, cookies or the client’s secret: not in the log, the trail, the metrics or a reply', async () => {
    await fetch(`${landscape.gateway.url}/auth/callback?code=not-one&state=not-one`);
    const own = people
      .flatMap(({ steps }) => steps)
      .filter(({ url }) => landscape.gateway.url === url.origin);
    const told: Readonly<Record<string, string>> = {
      log: [...logged, ...landscape.gateway.log].join('\n'),
      trail: JSON.stringify(auditRows(landscape.gateway.dataDir)),
      metrics: await scrapes.text(),
      replies: own.map(({ body }) => body).join('\n'),
    };
    expect(told['log']).toContain('"Tokens could not be refreshed"');
    expect(told['log']).toContain('"Tokens are not revoked yet"');
    expect(told['replies']).toContain('"unauthenticated"');
    expect(secrets.size).toBeGreaterThan(30);
    // Codes, too: each was sent to the callback, in its query.
    for (const { url } of own) secrets.add(url.searchParams.get('code') ?? '');
    for (const [where, text] of Object.entries(told))
      expect([where, [...secrets].filter((secret) => secret.length > 8 && text.includes(secret))]).toEqual([
        where,
        [],
      ]);
  });
});

interface Named {
  readonly session: string;
}

describe('while PostgreSQL', () => {
  let server: PostgresServer;
  let landscape: SessionLandscape;
  beforeAll(async () => {
    server = await PostgresServer.start();
    const DATABASE_URL = await server.createDatabase();
    landscape = await SessionLandscape.start({ settings: { DATABASE_URL, SESSION_KEY } });
  });
  afterAll(async () => {
    await landscape.end();
    await server.discard();
  });

  it.each<[string, () => Promise<void> | void, () => Promise<void> | void]>([
    ['is stopped', () => server.stop('immediate'), () => server.restart()],
    [
      'does not answer',
      () => {
        server.freeze();
      },
      () => {
        server.thaw();
      },
    ],
  ])('%s, a session cannot be looked up; it is there again afterwards', async (_, begin, end) => {
    const clerk = await landscape.signedIn();
    await begin();
    try {
      const begun = performance.now();
      expect(codeOf(await clerk.call('/writes'))).toEqual([503, 'session-unavailable']);
      expect(codeOf(await clerk.call('/auth/session'))).toEqual([503, 'session-unavailable']);
      expect(codeOf(await clerk.call('/auth/logout', { method: 'POST' }))).toEqual([
        503,
        'session-unavailable',
      ]);
      expect(performance.now() - begun).toBeLessThan(8_000);
    } finally {
      await end();
    }
    const until = performance.now() + 5_000;
    let status = 0;
    while (status !== 200 && performance.now() < until) {
      ({ status } = await clerk.call('/writes'));
      await sleep(50);
    }
    expect(status).toBe(200);
  });
});
