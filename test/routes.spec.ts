import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { OWN_SEGMENTS } from '../src/platform/config/built-frontend.js';
import { WITH_SESSIONS, builtGateway, type Route } from './support/built-gateway.js';

const CHANGES_NOTHING = new Set(['GET', 'HEAD', 'OPTIONS']);

describe('every route of the gateway', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  let app: NestFastifyApplication;
  let routes: Route[];
  let document: OpenAPIObject;
  beforeAll(async () => {
    ({ app, routes } = await builtGateway(dataDir, WITH_SESSIONS));
    document = (await app.inject({ url: '/openapi.json' })).json();
  });
  afterAll(async () => {
    await app.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const named = (some: readonly Route[]): string[] => some.map(({ method, path }) => `${method} ${path}`);

  it('is known, or this test proves nothing', () => {
    expect(named(routes)).toEqual(
      expect.arrayContaining([
        'PUT /clmo-handoff-services/service/v1/externalHandoff/:handoffRefNo/updatestatus',
        'PUT /bcws/webresources/v1.0/deferredactions/:id',
        'GET /problems',
      ]),
    );
  });

  it('states who may use it', () => {
    const silent = routes.filter(
      ({ access }) => access === undefined || (typeof access === 'object' && access.scopes.length === 0),
    );
    expect(named(silent)).toEqual([]);
  });

  it('is open to everyone only if it is listed here', () => {
    const open = routes.filter(({ access, method }) => access === 'public' && method !== 'HEAD');
    expect(named(open).sort()).toEqual([
      'GET /auth/callback',
      'GET /auth/logged-out',
      'GET /auth/login',
      'GET /auth/logout',
      'GET /docs',
      'GET /docs/:file',
      'GET /health/live',
      'GET /health/ready',
      'GET /openapi.json',
      'GET /problems',
      'GET /problems/:code',
      'POST /auth/backchannel-logout',
    ]);
  });

  it('is open to whoever has a session or none only if it is listed here', () => {
    const visited = routes.filter(({ access, method }) => access === 'visitor' && method !== 'HEAD');
    expect(named(visited)).toEqual(['GET /auth/session']);
    expect(named(routes.filter(({ access }) => access === 'leaver'))).toEqual(['POST /auth/logout']);
  });

  it('is open to whoever is signed in only if it is listed here', () => {
    const signedIn = routes.filter(({ access, method }) => access === 'signed-in' && method !== 'HEAD');
    expect(named(signedIn).sort()).toEqual(['GET /writes', 'GET /writes/:operationId']);
  });

  it('is outside of rate limits only if it is listed here', () => {
    expect(named(routes.filter(({ unlimited }) => unlimited === true))).toEqual([
      'POST /auth/backchannel-logout',
      'GET /health/live',
      'HEAD /health/live',
      'GET /health/ready',
      'HEAD /health/ready',
    ]);
  });

  it('takes query parameters only if it is listed here', () => {
    const asking = routes.filter(({ query, method }) => query === true && method !== 'HEAD');
    expect(named(asking).sort()).toEqual([
      'DELETE /auth/sessions/:id',
      'GET /audit/checkpoints',
      'GET /audit/export',
      'GET /audit/records',
      'GET /auth/login',
      'GET /auth/logout',
      'GET /auth/sessions',
      'GET /writes',
      'POST /auth/logout',
    ]);
  });

  it('names its audited operation if it changes something or reads business data, and the resource in its path', () => {
    const business = routes.filter(
      ({ method, path }) => !CHANGES_NOTHING.has(method) || /^\/(clmo-handoff-services|bcws)\//.test(path),
    );
    const unnamed = business.filter(({ operation, resourceParameter, path }) => {
      const inPath = path.split('/').filter((segment) => segment.startsWith(':'));
      return operation === undefined || inPath.join() !== (resourceParameter ? `:${resourceParameter}` : '');
    });
    expect(business.length).toBeGreaterThan(8);
    expect(named(unnamed)).toEqual([]);
  });

  it('is where no frontend can be', () => {
    const exposed = routes.filter(({ path }) => !OWN_SEGMENTS.includes(path.split('/')[1] ?? ''));
    expect(named(exposed)).toEqual([]);
  });

  it('has an operation of its own if it has one', () => {
    const operations = routes.flatMap(({ operation, method }) =>
      method === 'HEAD' ? [] : (operation ?? []),
    );
    expect(operations).toEqual([...new Set(operations)]);
  });

  it('refuses whoever brings no token, unless it is open', async () => {
    const open: unknown[] = ['public', 'visitor', 'leaver'];
    const closed = routes.filter(({ access }) => !open.includes(access));
    for (const { method, path } of closed) {
      const { statusCode } = await app.inject({ method: method as 'GET', url: path.replace(/:\w+/g, 'x') });
      expect(`${method} ${path} ${statusCode}`).toBe(`${method} ${path} 401`);
    }
  });

  it('asks in the OpenAPI document for the very scopes that it checks', () => {
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item as Record<string, { security?: Record<string, string[]>[] }>).map(
        ([method, { security = [] }]) => ({
          route: `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
          scopes: security.flatMap((requirement) => requirement['access-token'] ?? []),
        }),
      ),
    );
    const checked = routes.flatMap(({ access, method, path }) =>
      method === 'HEAD' || (access === 'public' && !/^\/(health|auth)\//.test(path))
        ? []
        : [{ route: `${method} ${path}`, scopes: typeof access === 'object' ? [...access.scopes] : [] }],
    );
    const byRoute = (a: { route: string }, b: { route: string }): number => a.route.localeCompare(b.route);
    expect(documented.sort(byRoute)).toEqual(checked.sort(byRoute));
  });

  it('is in the committed contract as it is served; npm run docs:openapi writes it anew', () => {
    const committed = readFileSync(join(import.meta.dirname, '../openapi.json'), 'utf8');
    expect(JSON.parse(committed)).toEqual(document);
    expect(committed).toBe(`${JSON.stringify(document, null, 2)}\n`);
  });
});
