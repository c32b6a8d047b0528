import { join } from 'node:path';

import type { RunningServer } from '../running-server.js';
import { sandboxCredentials, UpstreamAccess } from '../upstream/access.js';
import { oauth2Token } from '../upstream/oauth2-token.js';
import { startUpstream } from '../upstream/upstream-server.js';
import { billingWording } from './billing-wording.js';
import { deferredActionOperations } from './deferred-action-operations.js';
import { DeferredActionRegister } from './deferred-action-register.js';
import { queryAccessToken } from './query-access-token.js';

export interface BillingOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** The folder of the state file; without it the state lives in memory. */
  readonly dataDir?: string | undefined;
  /** The IANA zone in which a date without a time is midnight; default Asia/Kolkata, as in the documented example. */
  readonly timeZone?: string | undefined;
  /** Whether calls without any authorization get 401; default false. */
  readonly requireToken?: boolean | undefined;
  /** Default 3600. */
  readonly tokenLifetimeSeconds?: number | undefined;
}

/** The path under which billing's REST interface lives. */
export const billingBasePath = '/bcws/webresources/v1.0';

/**
 * Starts the sandbox's stand-in for the billing system's deferred actions.
 * @throws PortTaken
 */
export function startBilling(options: BillingOptions): Promise<RunningServer> {
  const { port, host, dataDir, timeZone = 'Asia/Kolkata', tokenLifetimeSeconds = 3600 } = options;
  const access = new UpstreamAccess(sandboxCredentials, options.requireToken ?? false);
  const path = dataDir === undefined ? undefined : join(dataDir, 'billing.json');
  const register = new DeferredActionRegister(path, timeZone);
  return startUpstream(
    {
      operations: deferredActionOperations(register, billingBasePath, timeZone),
      tokenEndpoints: [
        queryAccessToken(access, billingBasePath, tokenLifetimeSeconds),
        oauth2Token(access, tokenLifetimeSeconds),
      ],
      access,
      wording: billingWording,
    },
    host,
    port,
  );
}
