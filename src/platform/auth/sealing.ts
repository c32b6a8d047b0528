import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What a sealed value is for. It is not opened for anything else. */
export type Purpose = 'login' | 'logout' | 'return' | 'tokens';

type Content = Readonly<Record<string, unknown>>;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** NIST SP 800-38D section 8.2.2: random, and far fewer than 2^32 of them with one key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals what others keep for the gateway: nobody else can read it or make one. A JWE by jose would do the same, and
 * takes four times as long to open, which is on the way of each request with a session.
 */
export class Sealing {
  private readonly key: Buffer;

  constructor(secret: Uint8Array) {
    this.key = Buffer.from(hkdfSync('sha256', secret, '', 'surehand sessions', KEY_BYTES));
  }

  /** Seals members for a purpose, for so many seconds or for good: base64url, without a secret of its own. */
  seal(purpose: Purpose, content: Content, seconds?: number): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.key, nonce).setAAD(Buffer.from(purpose));
    const until = seconds === undefined ? null : Date.now() + seconds * 1_000;
    const sealed = cipher.update(JSON.stringify({ until, content }));
    return Buffer.concat([nonce, sealed, cipher.final(), cipher.getAuthTag()]).toString('base64url');
  }

  /** What was sealed; nothing if it was changed, is over, was for another purpose or by another key. */
  open(purpose: Purpose, text: string): Content | undefined {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      const opened = Buffer.concat([plain, decipher.final()]).toString();
      // What was sealed here has this shape.
      const { until, content } = JSON.parse(opened) as { until: number | null; content: Content };
      return until === null || Date.now() < until ? content : undefined;
    } catch {
      return undefined;
    }
  }
}
