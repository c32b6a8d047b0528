import { hkdfSync } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose';

/** What a sealed value is for. It is not opened for anything else. */
export type Purpose = 'login' | 'logout' | 'return' | 'tokens';

const ENCRYPTION = 'A256GCM';
const KEY_BYTES = 32;

/** Seals what others keep for the gateway: nobody else can read it or make one (JWE, RFC 7516). */
export class Sealing {
  private readonly key: Uint8Array;

  constructor(secret: Uint8Array) {
    this.key = new Uint8Array(hkdfSync('sha256', secret, '', 'surehand sessions', KEY_BYTES));
  }

  /** Seals members for a purpose, for so many seconds or for good. */
  async seal(purpose: Purpose, content: JWTPayload, seconds?: number): Promise<string> {
    const jwt = new EncryptJWT(content).setProtectedHeader({ alg: 'dir', enc: ENCRYPTION, typ: purpose });
    if (seconds !== undefined) jwt.setExpirationTime(new Date(Date.now() + seconds * 1_000));
    return await jwt.encrypt(this.key);
  }

  /** What was sealed; nothing if it was changed, is over, was for another purpose or by another key. */
  async open(purpose: Purpose, sealed: string): Promise<JWTPayload | undefined> {
    try {
      const { payload } = await jwtDecrypt(sealed, this.key, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: [ENCRYPTION],
        typ: purpose,
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
