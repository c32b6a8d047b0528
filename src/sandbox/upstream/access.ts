import { randomBytes } from 'node:crypto';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export const sandboxCredentials: Credentials = { username: 'surehand', password: 'surehand-sandbox' };

/** Says who may call an upstream: its one user by HTTP Basic, and the tokens it has issued. */
export class UpstreamAccess {
  private readonly expiries = new Map<string, number>();

  /** @param requireToken whether a call without any `Authorization` is refused */
  constructor(
    private readonly credentials: Credentials,
    private readonly requireToken: boolean,
  ) {}

  issueToken(lifetimeSeconds: number): string {
    const token = randomBytes(24).toString('base64url');
    this.expiries.set(token, Date.now() + lifetimeSeconds * 1000);
    return token;
  }

  /** @param authorization the header as received */
  admits(authorization: string | undefined): boolean {
    if (authorization === undefined) {
      return !this.requireToken;
    }
    const token = /^Bearer (.+)$/i.exec(authorization)?.[1];
    return token === undefined ? this.admitsBasic(authorization) : this.isLive(token);
  }

  admitsBasic(authorization: string | undefined): boolean {
    const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const [username = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
    return this.admitsCredentials(username, password.join(':'));
  }

  admitsCredentials(username: string, password: string): boolean {
    return username === this.credentials.username && password === this.credentials.password;
  }

  private isLive(token: string): boolean {
    return (this.expiries.get(token) ?? 0) > Date.now();
  }
}
