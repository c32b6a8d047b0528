import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The key for sensitive fields: the configured one, else one that is made once and kept in the data directory. */
export function hmacKey(configured: Buffer | undefined, directory: string): Buffer {
  return (
    configured ??
    Buffer.from(
      kept(directory, 'audit-hmac.key', () => randomBytes(32).toString('base64')),
      'base64',
    )
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
