import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What every way to deploy sets for the process itself, whatever its settings. */
export const AS_DEPLOYED = { MALLOC_ARENA_MAX: '2' };

/** Production settings without the secrets. Nobody listens there. */
export const PRODUCTION = {
  NODE_ENV: 'production',
  HANDOFF_BASE_URL: 'http://127.0.0.1:9',
  HANDOFF_AUTH: 'basic',
  HANDOFF_USERNAME: 'surehand',
  BILLING_CARE_BASE_URL: 'http://127.0.0.1:9',
  BILLING_CARE_AUTH: 'bcws',
  BILLING_CARE_CLIENT_ID: 'surehand',
  AUTH_ISSUER: 'http://127.0.0.1:9',
  AUTH_AUDIENCE: 'surehand',
};

/** Writes secrets of the kind that each setting takes into files, and gives the settings that name them. */
export function writeSecrets(directory: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const file = join(directory, name.toLowerCase());
      writeFileSync(file, secretFor(name));
      return [`${name}_FILE`, file];
    }),
  );
}

function secretFor(name: string): string {
  switch (name) {
    case 'AUDIT_SIGNING_KEY':
      return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    case 'DATABASE_URL':
      return 'postgres://surehand_app:x@127.0.0.1:9/surehand';
    default:
      return randomBytes(32).toString('base64');
  }
}
