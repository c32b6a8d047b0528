import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JWK } from 'oidc-provider';

import { isObject } from '../json.js';

/** What has to survive a restart, so that tokens and sign-ins do. */
export interface ProviderKeys {
  /** The private RS256 key, in a set as RFC 7517 section 5 defines it. */
  readonly jwks: { readonly keys: JWK[] };
  readonly cookieKeys: string[];
}

/** Reads the keys from `dataDir`, or makes and keeps them there at the first start. */
export function providerKeys(dataDir: string): ProviderKeys {
  const path = join(dataDir, 'provider-keys.json');
  const kept = readKept(path);
  if (kept !== undefined) {
    return kept;
  }
  const keys = newProviderKeys();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600, flag: 'wx' });
  return keys;
}

export function newProviderKeys(): ProviderKeys {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signingKey: JWK = {
    ...(privateKey.export({ format: 'jwk' }) as JWK),
    kid: randomBytes(8).toString('hex'),
    alg: 'RS256',
    use: 'sig',
  };
  return { jwks: { keys: [signingKey] }, cookieKeys: [randomBytes(32).toString('base64url')] };
}

function readKept(path: string): ProviderKeys | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return undefined;
    }
    throw new Error(`The sandbox cannot read its keys in ${path}: start with --reset.`, { cause });
  }
  if (!isProviderKeys(content)) {
    throw new Error(`The sandbox does not understand its keys in ${path}: start with --reset.`);
  }
  return content;
}

function isProviderKeys(value: unknown): value is ProviderKeys {
  return (
    isObject(value) &&
    isObject(value['jwks']) &&
    Array.isArray(value['jwks']['keys']) &&
    Array.isArray(value['cookieKeys'])
  );
}
