import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonical } from './canonical.js';
import { Unverifiable, type FindingCode } from './finding.js';

/** What the gateway signed: where the chain stood. */
export interface SignedCheckpoint {
  readonly checkpoint: {
    readonly seq: number;
    readonly hash: string;
    readonly count: number;
    readonly time: string;
  };
  readonly signature: string;
  readonly keyId: string;
}

/** Takes any JSON value; its own members only, exactly as they were signed. */
export function isSignedCheckpoint(value: unknown): value is SignedCheckpoint {
  if (!isObject(value) || !isObject(value['checkpoint'])) return false;
  const { seq, hash, count, time } = value['checkpoint'];
  return (
    Number.isSafeInteger(seq) &&
    typeof hash === 'string' &&
    Number.isSafeInteger(count) &&
    typeof time === 'string' &&
    typeof value['signature'] === 'string' &&
    typeof value['keyId'] === 'string'
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The public keys that checkpoints may be signed with. Without any, signatures are not looked at. */
export class SigningKeys {
  private constructor(private readonly keys: ReadonlyMap<string, KeyObject>) {}

  /** Reads PEM files. More than one, where the gateway's key was changed over time. */
  static read(paths: readonly string[]): SigningKeys {
    const keys = paths.map(readKey);
    return new SigningKeys(new Map(keys.map((key) => [keyIdOf(key), key])));
  }

  get known(): boolean {
    return this.keys.size > 0;
  }

  /** What is wrong with a signature, if anything is. */
  faultOf({ checkpoint, signature, keyId }: SignedCheckpoint): [FindingCode, string] | undefined {
    if (!this.known) return undefined;
    const key = this.keys.get(keyId);
    if (key === undefined) return ['unknown-key', `is signed with key ${keyId}, which was not given`];
    const bytes = Buffer.from(canonical(checkpoint));
    return verify(null, bytes, key, Buffer.from(signature, 'base64url'))
      ? undefined
      : ['wrong-signature', 'is not signed by the key that it names'];
  }
}

function readKey(path: string): KeyObject {
  try {
    const key = createPublicKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (error) {
    throw new Unverifiable(`${path} holds no public key`, { cause: error });
  }
  throw new Unverifiable(`${path} holds no Ed25519 key`);
}

function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
