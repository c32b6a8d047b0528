import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { banner } from './banner.js';
import { startBilling } from './billing/billing-server.js';
import { audience, gatewayDataDir, gatewayEnvironment } from './gateway-environment.js';
import { GatewayProcess } from './gateway-process.js';
import { startIdentityProvider } from './identity-provider/identity-provider.js';
import { startLending } from './lending/lending-server.js';
import { liveToken } from './live-token.js';
import {
  portVariables,
  readOptions,
  WrongOptions,
  type SandboxOptions,
  type SandboxServer,
} from './options.js';
import { listen, PortTaken, type RunningServer } from './running-server.js';
import { Shutdown } from './shutdown.js';

const shutdown = new Shutdown();

async function run(options: SandboxOptions): Promise<void> {
  const { ports } = options;
  const sandboxDir = join(options.dataDir, 'sandbox');
  if (options.reset) {
    await Promise.all(
      [sandboxDir, gatewayDataDir(options)].map((path) => rm(path, { recursive: true, force: true })),
    );
  }
  const host = '127.0.0.1';
  const gateway = `http://localhost:${ports.gateway}`;

  // The gateway would find its port taken too, but could not say which variable moves it.
  const probe = await named('gateway', ports.gateway, listen(createServer(), host, ports.gateway));
  await probe.close();
  const lending = await serve('lending', startLending({ port: ports.lending, host, dataDir: sandboxDir }));
  const billing = await serve(
    'billing',
    startBilling({ port: ports.billing, host, dataDir: sandboxDir, timeZone: options.billingTimeZone }),
  );
  const issuer = await serve(
    'issuer',
    startIdentityProvider({
      port: ports.issuer,
      // One name for the browser and the gateway: the issuer has to be the same text for both.
      host: 'localhost',
      audience,
      gatewayOrigins: [gateway, `http://127.0.0.1:${ports.gateway}`],
      dataDir: sandboxDir,
    }),
  );
  const servers = { lending: lending.url, billing: billing.url, issuer: issuer.url };

  const child = new GatewayProcess(gatewayEnvironment(options, servers, process.env));
  shutdown.first(() => child.stop());
  await child.ready(`http://127.0.0.1:${ports.gateway}/openapi.json`);
  void child.ended.then(async (reason) => {
    await shutdown.fail(`The gateway has stopped: ${reason}.`);
  });

  const sandbox = { gateway, ...servers, token: await liveToken(issuer.url) };
  console.log(banner({ ...sandbox, hasFrontend: options.frontendDir !== undefined }));
  if (options.json) {
    console.log(JSON.stringify(sandbox));
  }

  async function serve(server: SandboxServer, starting: Promise<RunningServer>): Promise<RunningServer> {
    const running = await named(server, ports[server], starting);
    shutdown.last(() => running.close());
    return running;
  }
}

/** Lets a taken port be reported with the variable that moves it. */
async function named(
  server: SandboxServer,
  port: number,
  starting: Promise<RunningServer>,
): Promise<RunningServer> {
  try {
    return await starting;
  } catch (cause) {
    throw cause instanceof PortTaken
      ? new WrongOptions(`Port ${port} is already in use: set ${portVariables[server]} to a free one.`, {
          cause,
        })
      : cause;
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void shutdown.exit(0));
}

try {
  await run(readOptions(process.argv.slice(2), process.env));
} catch (error) {
  await shutdown.fail(error instanceof Error ? error.message : String(error));
}
