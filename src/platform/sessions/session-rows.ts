import type { SessionsTable } from '../storage/tables.js';
import type { Session } from './session-store.js';

/** What a session is told by: all but the cookie's hash and who refreshes it. */
export const TOLD = [
  'session',
  'subject',
  'sid',
  'started_at',
  'seen_at',
  'ends_at',
  'refresh_at',
  'version',
  'address',
  'user_agent',
  'tokens',
] as const satisfies readonly (keyof SessionsTable)[];
export type Told = Pick<SessionsTable, (typeof TOLD)[number]>;

export function sessionOf(row: Told): Session {
  return {
    session: row.session,
    subject: row.subject,
    sid: row.sid,
    startedAt: row.started_at,
    seenAt: row.seen_at,
    endsAt: row.ends_at,
    refreshAt: row.refresh_at,
    tokens: row.tokens,
    version: row.version,
    address: row.address,
    userAgent: row.user_agent,
  };
}

/** Of its two ends the one that came first. */
export function endOf(
  { seenAt, endsAt }: Session,
  idleMs: number,
): { readonly endedAt: number; readonly reason: 'idle' | 'lifetime' } {
  const idleEndsAt = seenAt + idleMs;
  return idleEndsAt < endsAt
    ? { endedAt: idleEndsAt, reason: 'idle' }
    : { endedAt: endsAt, reason: 'lifetime' };
}
