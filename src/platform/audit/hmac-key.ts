import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BYTES = 32;

/** The key for sensitive fields: the configured one, else one that is made once and kept in the data directory. */
export function hmacKey(configured: Buffer | undefined, directory: string): Buffer {
  if (configured !== undefined) return configured;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, 'audit-hmac.key');
  try {
    writeFileSync(path, randomBytes(KEY_BYTES).toString('base64'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // Made by an earlier start.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = Buffer.from(readFileSync(path, 'utf8'), 'base64');
  if (key.length !== KEY_BYTES)
    throw new Error(`${path} does not hold a key; restore it, or remove it to have a new one made`);
  return key;
}
