import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { RouteOptions } from 'fastify';
import type * as AppSetup from '../../src/app.setup.js';
import type * as Configuration from '../../src/platform/config/config.js';
import type { RouteFacts } from '../../src/platform/http/route-facts.js';

export interface Route extends RouteFacts {
  readonly method: string;
  readonly path: string;
}

/** A module of the built gateway, as it runs in this process. */
export function built(file: string): Promise<unknown> {
  return import(pathToFileURL(join(import.meta.dirname, '../../dist', file)).href);
}

/** Switches browser sessions on, and their routes. */
export const WITH_SESSIONS = { AUTH_CLIENT_ID: 'surehand', AUTH_CLIENT_SECRET: 'none' };

/** The built gateway, in this process: only from within can its router be asked for every route. */
export async function builtGateway(
  dataDir: string,
  settings: Record<string, string> = {},
): Promise<{ app: NestFastifyApplication; routes: Route[] }> {
  const { createGateway } = (await built('app.setup.js')) as typeof AppSetup;
  const { Config } = (await built('platform/config/config.js')) as typeof Configuration;
  const app = await createGateway(
    Config.fromEnvironment({
      HANDOFF_BASE_URL: 'http://127.0.0.1:9',
      BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
      AUTH_ISSUER: 'http://127.0.0.1:9',
      AUTH_AUDIENCE: 'surehand',
      DATA_DIR: dataDir,
      LOG_LEVEL: 'silent',
      RATE_LIMIT_PER_MINUTE: '0',
      ...settings,
    }),
  );
  const routes: Route[] = [];
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url, config }: RouteOptions) => {
      routes.push(...[method].flat().map((one) => ({ ...config, method: one, path: url })));
    });
  await app.init();
  return { app, routes };
}
