import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type * as Store from '../src/platform/audit/audit-store.js';
import { built, builtGateway } from './support/built-gateway.js';
import { AUDIENCE, TokenIssuer } from './support/token-issuer.js';

/** Of a trail that never ends. */
const PAGES = 50;

describe('HEAD', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'surehand-test-'));
  let issuer: TokenIssuer;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    issuer = await TokenIssuer.start();
    ({ app } = await builtGateway(dataDir, { AUTH_ISSUER: issuer.url, AUTH_AUDIENCE: AUDIENCE }));
  });
  afterAll(async () => {
    await app.close();
    await issuer.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each<[method: 'HEAD' | 'GET', pages: number]>([
    ['HEAD', 1],
    ['GET', PAGES],
  ])('does not read the trail that it does not send: %s reads pages: %i', async (method, pages) => {
    const { AuditStore } = (await built('platform/audit/audit-store.js')) as typeof Store;
    const lines = jest.spyOn(app.get(AuditStore), 'lines');
    let read = 0;
    lines.mockImplementation(() => Promise.resolve({ text: '{}\n', last: ++read < PAGES ? read : null }));
    const { statusCode, headers } = await app.inject({
      method,
      url: '/audit/export',
      headers: { authorization: `Bearer ${await issuer.token({ scope: 'audit:read' })}` },
    });
    await delay(50);
    expect([statusCode, headers['content-type'], read]).toEqual([
      200,
      'application/x-ndjson; charset=utf-8',
      pages,
    ]);
    lines.mockRestore();
  });
});
