// Writes openapi.json, the public contract, as the built gateway serves it with browser sessions, while
// its issuer is out of reach.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGateway } from '../dist/app.setup.js';
import { Config } from '../dist/platform/config/config.js';

const directory = mkdtempSync(join(tmpdir(), 'surehand-openapi-'));
const nowhere = 'http://127.0.0.1:9';
const app = await createGateway(
  Config.fromEnvironment({
    HANDOFF_BASE_URL: nowhere,
    BILLING_CARE_BASE_URL: nowhere,
    AUTH_ISSUER: nowhere,
    AUTH_AUDIENCE: 'surehand',
    AUTH_CLIENT_ID: 'surehand',
    AUTH_CLIENT_SECRET: 'none',
    DATA_DIR: directory,
    LOG_LEVEL: 'silent',
  }),
);
try {
  await app.init();
  const { payload } = await app.inject({ url: '/openapi.json' });
  writeFileSync('openapi.json', `${JSON.stringify(JSON.parse(payload), null, 2)}\n`);
} finally {
  await app.close();
  rmSync(directory, { recursive: true });
}
