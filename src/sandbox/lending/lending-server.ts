import { join } from 'node:path';

import type { RunningServer } from '../running-server.js';
import { sandboxCredentials, UpstreamAccess } from '../upstream/access.js';
import { oauth2Token } from '../upstream/oauth2-token.js';
import { startUpstream } from '../upstream/upstream-server.js';
import { handoffOperations } from './handoff-operations.js';
import { HandoffRegister } from './handoff-register.js';
import { lendingWording } from './lending-wording.js';
import { platojwtauth } from './platojwtauth.js';

export interface LendingOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly host: string;
  /** The folder of the state file; without it the state lives in memory. */
  readonly dataDir?: string | undefined;
  /** Whether calls without any authorization get 401; default false. */
  readonly requireToken?: boolean | undefined;
  /** Default 3180. */
  readonly tokenLifetimeSeconds?: number | undefined;
  /** Whether `platojwtauth` answers `expires_in` as the text "360000"; default false. */
  readonly tokenLifetimeAsText?: boolean | undefined;
}

/**
 * Starts the sandbox's stand-in for the lending system's external handoff service.
 * @throws PortTaken
 */
export function startLending(options: LendingOptions): Promise<RunningServer> {
  const { port, host, dataDir, tokenLifetimeSeconds = 3180, tokenLifetimeAsText = false } = options;
  const access = new UpstreamAccess(sandboxCredentials, options.requireToken ?? false);
  const register = new HandoffRegister(dataDir === undefined ? undefined : join(dataDir, 'lending.json'));
  return startUpstream(
    {
      operations: handoffOperations(register),
      tokenEndpoints: [
        platojwtauth(access, tokenLifetimeSeconds, tokenLifetimeAsText),
        oauth2Token(access, tokenLifetimeSeconds),
      ],
      access,
      wording: lendingWording,
    },
    host,
    port,
  );
}
