import { AS_DEPLOYED } from '../test/support/deployment.js';
import { START_ARGUMENTS } from '../test/support/gateway.js';
import { CONNECTIONS, type Command, type Contestant } from './contestant.js';
import { ACTIONS, bearer, JSON_CHANGE, type Change } from './write.js';
import type { World } from './world.js';

export type Store = 'SQLite' | 'PostgreSQL';

/** What of Surehand is measured; a bearer token, JSON, 32 connections and an empty trail unless said otherwise. */
export interface Variant {
  readonly store: Store;
  readonly authentication?: typeof bearer;
  readonly change?: Change;
  readonly connections?: number;
  /** Makes something of the data before the gateway gets it. */
  readonly prepare?: (settings: Readonly<Record<string, string>>) => Promise<void>;
}

/** Most that a gateway lets be in flight to one upstream. */
const MOST_IN_FLIGHT = 256;

/** Surehand as it is deployed, without rate limits: one client makes all calls. */
export function surehand(name: string, variant: Variant): Contestant {
  const { store, connections = CONNECTIONS } = variant;
  return {
    name,
    connections,
    usesDatabase: store === 'PostgreSQL',
    commands: async (world) => {
      const settings = {
        ...(await settingsOf(store, world)),
        BILLING_CARE_MAX_IN_FLIGHT: String(Math.min(connections, MOST_IN_FLIGHT)),
      };
      await variant.prepare?.(settings);
      return [gateway(settings)];
    },
    write: changeBy(variant),
  };
}

/** A change of an action, as somebody with a token or a session sends it. */
export function changeBy({
  authentication = bearer,
  change = JSON_CHANGE,
}: Pick<Variant, 'authentication' | 'change'> = {}): Contestant['write'] {
  return async (world) => ({
    path: ACTIONS,
    headers: { ...change.headers, ...(await authentication(world)) },
    body: change.body,
  });
}

export function gateway(settings: Readonly<Record<string, string>>): Command {
  return { argv: [process.execPath, ...START_ARGUMENTS], env: { ...AS_DEPLOYED, ...settings } };
}

/** Settings of a gateway with an empty store of its own. */
export async function settingsOf(store: Store, world: World): Promise<Record<string, string>> {
  return {
    HOST: '127.0.0.1',
    PORT: String(world.port),
    PUBLIC_URL: world.url,
    METRICS_PORT: '0',
    DATA_DIR: world.dataDirectory(),
    ...(store === 'PostgreSQL' && {
      DATABASE_URL: await (await world.postgres()).createDatabase(),
      SESSION_KEY: Buffer.alloc(32, 1).toString('base64'),
    }),
    HANDOFF_BASE_URL: world.upstream,
    BILLING_CARE_BASE_URL: `${world.upstream}/bcws/webresources/v1.0`,
    ...world.provider.settings,
    AUTH_LOGIN_PARAMETERS: 'resource=urn%3Asurehand%3Agateway',
    RATE_LIMIT_PER_MINUTE: '0',
    DRAIN_SECONDS: '0',
  };
}
