import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { isTimeZone } from './billing/zone-midnight.js';

/** How a person wants the sandbox to run. */
export interface SandboxOptions {
  readonly ports: Readonly<Record<SandboxServer, number>>;
  /** Absolute; the gateway's data and the sandbox's each have a folder in it. */
  readonly dataDir: string;
  /** The IANA zone of the billing upstream. */
  readonly billingTimeZone: string;
  /** How long the gateway waits for an upstream, ms. */
  readonly upstreamTimeoutMs: number;
  readonly logLevel: string;
  /** A built frontend that the gateway is to serve. */
  readonly frontendDir: string | undefined;
  readonly reset: boolean;
  readonly json: boolean;
}

export type SandboxServer = keyof typeof portVariables;

/** The environment variable that moves each server to another port. */
export const portVariables = {
  gateway: 'PORT',
  lending: 'SANDBOX_LENDING_PORT',
  billing: 'SANDBOX_BILLING_PORT',
  issuer: 'SANDBOX_ISSUER_PORT',
} as const;

/** The options cannot be used; the message says all that is wrong with them. */
export class WrongOptions extends Error {}

/**
 * Reads the command line (`--reset`, `--json`) and the environment.
 * @throws WrongOptions
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): SandboxOptions {
  const problems: string[] = [];
  const wholeNumber = (name: string, usual: number, least: number, most: number): number => {
    const text = env[name] ?? String(usual);
    if (!/^\d{1,6}$/.test(text) || Number(text) < least || Number(text) > most) {
      problems.push(`${name} must be a whole number from ${least} to ${most}, not '${text}'.`);
    }
    return Number(text);
  };
  const port = (server: SandboxServer, usual: number): number =>
    wholeNumber(portVariables[server], usual, 1, 65_535);
  const options = {
    ports: {
      gateway: port('gateway', 3000),
      lending: port('lending', 3101),
      billing: port('billing', 3102),
      issuer: port('issuer', 3103),
    },
    dataDir: resolve(env['DATA_DIR'] ?? 'data'),
    billingTimeZone: env['SANDBOX_BILLING_TIMEZONE'] ?? 'Asia/Kolkata',
    upstreamTimeoutMs: wholeNumber('SANDBOX_TIMEOUT_MS', 10_000, 100, 120_000),
    logLevel: env['LOG_LEVEL'] ?? 'warn',
    frontendDir: env['FRONTEND_DIR'] ?? exampleFrontend(),
    ...readSwitches(args, problems),
  };
  if (!isTimeZone(options.billingTimeZone)) {
    problems.push(`SANDBOX_BILLING_TIMEZONE must be an IANA time zone, not '${options.billingTimeZone}'.`);
  }
  if (problems.length > 0) {
    throw new WrongOptions(problems.join('\n'));
  }
  return options;
}

/** Where `npm run sandbox` has built the example frontend; undefined if nobody has. */
function exampleFrontend(): string | undefined {
  const directory = fileURLToPath(new URL('../../examples/frontend/dist', import.meta.url));
  return existsSync(join(directory, 'index.html')) ? directory : undefined;
}

function readSwitches(args: readonly string[], problems: string[]): { reset: boolean; json: boolean } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { reset: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
    });
    return values;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : 'The command line cannot be read.');
    return { reset: false, json: false };
  }
}
