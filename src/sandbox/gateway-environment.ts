import { join } from 'node:path';

import { billingBasePath } from './billing/billing-server.js';
import { docsClientId, webClient } from './identity-provider/clients.js';
import type { SandboxOptions } from './options.js';
import { sandboxCredentials } from './upstream/access.js';

/** The `aud` that the provider writes and the gateway expects. */
export const audience = 'surehand';

/** The folder of the gateway's own data. */
export function gatewayDataDir({ dataDir }: SandboxOptions): string {
  return join(dataDir, 'gateway');
}

/**
 * Of the surroundings only what a process needs to run, whose pages may call, and where the figures are told: other
 * settings for a real gateway must not leak in.
 */
const inherited = [
  ...['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot'],
  ...['CORS_ORIGINS', 'METRICS_PORT'],
];

/** The gateway's whole environment, pointing at the sandbox's servers (given by their origins). */
export function gatewayEnvironment(
  options: SandboxOptions,
  servers: { readonly lending: string; readonly billing: string; readonly issuer: string },
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const port = String(options.ports.gateway);
  const { username, password } = sandboxCredentials;
  return {
    ...Object.fromEntries(inherited.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
    HOST: '127.0.0.1',
    PORT: port,
    PUBLIC_URL: `http://localhost:${port}`,
    FRONTEND_DIR: options.frontendDir,
    HANDOFF_BASE_URL: servers.lending,
    HANDOFF_AUTH: 'platojwt',
    HANDOFF_USERNAME: username,
    HANDOFF_PASSWORD: password,
    HANDOFF_APP_ID: 'CLMO',
    HANDOFF_BRANCH_CODE: '000',
    HANDOFF_ENTITY_ID: 'DEFAULTENTITY',
    HANDOFF_NOT_FOUND_CODES: 'SBX-COM-001',
    HANDOFF_TIMEOUT_MS: String(options.upstreamTimeoutMs),
    BILLING_CARE_BASE_URL: `${servers.billing}${billingBasePath}`,
    BILLING_CARE_AUTH: 'bcws',
    BILLING_CARE_CLIENT_ID: username,
    BILLING_CARE_CLIENT_SECRET: password,
    BILLING_CARE_TIMEOUT_MS: String(options.upstreamTimeoutMs),
    BILLING_CARE_TIMEZONE: options.billingTimeZone,
    // Short, so that a person who makes an upstream misbehave sees soon what became of the write.
    SETTLE_WINDOW_MS: '500',
    AUTH_ISSUER: servers.issuer,
    AUTH_AUDIENCE: audience,
    AUTH_CLIENT_ID: webClient.id,
    AUTH_CLIENT_SECRET: webClient.secret,
    DOCS_CLIENT_ID: docsClientId,
    DATA_DIR: gatewayDataDir(options),
    // Nobody balances it.
    DRAIN_SECONDS: '0',
    LOG_LEVEL: options.logLevel,
  };
}
