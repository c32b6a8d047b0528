import { createHash, createPublicKey, randomUUIDv7, sign, type KeyObject } from 'node:crypto';
import type { CheckpointEntry } from './audit-record.js';
import { canonical, type ChainHead } from './chain.js';

/** A checkpoint is due after this many records or this much time, whichever comes first. */
const RECORDS = 1_000;
const INTERVAL_MS = 60_000;

/** Where the last checkpoint stood: `at` in ms since the epoch, by the database's clock. */
export interface LastCheckpoint {
  readonly seq: number;
  readonly at: number;
}

/** Whether the chain has grown enough, or long enough, since its last checkpoint. */
export function isDue(head: ChainHead, last: LastCheckpoint, now: number): boolean {
  const grown = head.seq - last.seq;
  // The checkpoint's own record is one: a chain in which nothing happens does not grow.
  // A clock that was ahead at the last one is put right by the next.
  return grown >= RECORDS || (grown > 1 && (now < last.at || now - last.at >= INTERVAL_MS));
}

/** Signs the state of the chain with Ed25519 (RFC 8032). */
export class CheckpointSigner {
  private readonly keyId: string;

  constructor(
    private readonly key: KeyObject,
    private readonly replica: string,
  ) {
    const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
    this.keyId = createHash('sha256').update(spki).digest('hex');
  }

  checkpoint(head: ChainHead): CheckpointEntry {
    const time = new Date().toISOString();
    const checkpoint = { seq: head.seq, hash: head.hash, count: head.seq, time };
    return {
      kind: 'checkpoint',
      id: randomUUIDv7(),
      at: time,
      replica: this.replica,
      requestId: null,
      principal: null,
      address: null,
      checkpoint,
      signature: sign(null, Buffer.from(canonical(checkpoint)), this.key).toString('base64url'),
      keyId: this.keyId,
    };
  }
}
