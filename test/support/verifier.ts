import { spawn } from 'node:child_process';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '../../dist/audit-verify/main.js');

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the built verifier of the trail as the process that it is. */
export async function verifier(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  await once(child, 'close');
  return { code: child.exitCode, output };
}

/** The public half of a signing key, as the verifier takes it. */
export function publicPem(key: KeyObject | string): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}
