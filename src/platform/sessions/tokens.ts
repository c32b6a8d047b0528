import { Injectable } from '@nestjs/common';
import { Sealing } from '../auth/sealing.js';
import type { Session } from './session-store.js';

/** What the identity provider gave for a session. It never leaves the gateway, except back there. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string | undefined;
  /** The ID token, by which the provider knows the session at its logout. */
  readonly id: string;
  /** How long the access token is valid from now on, ms. */
  readonly lifetimeMs: number;
}

/** As they come out of the store, with whose they are. */
export interface KeptTokens extends Omit<Tokens, 'lifetimeMs'> {
  readonly owner: Owner;
}

/** What tokens are sealed for: one session, and the one cookie that opens it. */
export interface Owner {
  readonly session: string;
  readonly idHash: string;
  /** The session at the identity provider. */
  readonly sid: string | null;
}

/** A refreshed access token replaces one that has this much left, ms, or half its life if that is less. */
const MARGIN_MS = 30_000;

/** After how long the access token is to be refreshed, ms; null if it cannot be. */
export function refreshInMs({ refresh, lifetimeMs }: Tokens): number | null {
  return refresh === undefined ? null : Math.round(Math.max(lifetimeMs - MARGIN_MS, lifetimeMs / 2));
}

/** Puts tokens away for one session and its cookie: whoever can write to the database cannot put their own in its place. */
@Injectable()
export class TokenVault {
  constructor(private readonly sealing: Sealing) {}

  seal({ session, idHash, sid }: Owner, { access, refresh, id }: Tokens): string {
    const tokens = { access, id, ...(refresh !== undefined && { refresh }) };
    return this.sealing.seal('tokens', { session, idHash, sid, ...tokens });
  }

  /** Nothing if they were sealed by another key, or for another session. */
  open({ session, tokens }: Pick<Session, 'session' | 'tokens'>): KeptTokens | undefined {
    const content = this.sealing.open('tokens', tokens);
    // What was sealed as tokens is such.
    if (content?.['session'] !== session) return undefined;
    const { access, refresh, id, idHash, sid } = content as unknown as Omit<KeptTokens, 'owner'> & Owner;
    return { access, refresh, id, owner: { session, idHash, sid } };
  }
}
