import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const HMAC_KEY_BYTES = 32;

/** The key for sensitive fields: the configured one, else one that is made once and kept in the data directory. */
export function hmacKey(configured: Buffer | undefined, directory: string): Buffer {
  if (configured !== undefined) return configured;
  const key = Buffer.from(
    kept(directory, 'audit-hmac.key', () => randomBytes(HMAC_KEY_BYTES).toString('base64')),
    'base64',
  );
  if (key.length === HMAC_KEY_BYTES) return key;
  throw new Error(
    `audit-hmac.key in ${directory} holds no key; restore it, or remove it to have a new one made`,
  );
}

/** The Ed25519 key that signs checkpoints: the configured one, else one that is made once and kept. */
export function signingKey(configured: KeyObject | undefined, directory: string): KeyObject {
  const make = (): string =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return configured ?? createPrivateKey(kept(directory, 'audit-signing.key', make));
}

function kept(directory: string, name: string, make: () => string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  try {
    writeFileSync(path, make(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    // Made by an earlier start.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8');
}
