import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { keptBytes, keptKey, noKey } from '../storage/kept-key.js';

const HMAC_KEY_BYTES = 32;
const SIGNING_KEY = 'audit-signing.key';

/** The key for sensitive fields: the configured one, else one that is made once and kept in the data directory. */
export function hmacKey(configured: Buffer | undefined, directory: string): Buffer {
  return configured ?? keptBytes(directory, 'audit-hmac.key', HMAC_KEY_BYTES);
}

/** The Ed25519 key that signs checkpoints: the configured one, else one that is made once and kept. */
export function signingKey(configured: KeyObject | undefined, directory: string): KeyObject {
  const make = (): string =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  if (configured !== undefined) return configured;
  const text = keptKey(directory, SIGNING_KEY, make);
  try {
    return createPrivateKey(text);
  } catch {
    throw noKey(directory, SIGNING_KEY);
  }
}
