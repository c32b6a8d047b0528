import { sql, type RawBuilder } from 'kysely';
import { overRow, overRows } from '../storage/compiled-queries.js';
import { fromNow, type Database } from '../storage/database.js';
import type { SessionsTable } from '../storage/tables.js';
import { noteOnce } from './noted-ids.js';
import { settleOwed, takeOwed } from './owed-revocations.js';
import { TOLD, endOf, sessionOf, type Told } from './session-rows.js';
import {
  SessionStore,
  type FoundSession,
  type OwedRevocation,
  type Session,
  type SessionsFilter,
} from './session-store.js';

/** Sessions in a SQL database; the same for SQLite and PostgreSQL. Durable once a promise resolves, as the trail is. */
export class SqlSessionStore extends SessionStore {
  private readonly findLive;
  private readonly noteUse;

  constructor(private readonly database: Database) {
    super();
    const { now } = database;
    // Both are on the path of a request.
    this.findLive = overRows<
      { idHash: string; idleMs: number },
      Told & Pick<SessionsTable, 'id_hash'> & { now: number }
    >((db, looks) =>
      db
        .selectFrom('sessions')
        .select(['id_hash', ...TOLD, now.as('now')])
        .where(
          'id_hash',
          'in',
          looks.map(({ idHash }) => idHash),
        )
        .where(this.isLive(sql`${looks[0]?.idleMs}`)),
    );
    this.noteUse = overRow<Pick<SessionsTable, 'session'>>((db, { session }) =>
      db
        .updateTable('sessions')
        .set({ seen_at: now })
        .where('session', '=', session)
        .where('seen_at', '<', now),
    );
  }

  async find(idHashes: readonly string[], idleMs: number): Promise<(FoundSession | null)[]> {
    const looks = [...new Set(idHashes)].map((idHash) => ({ idHash, idleMs: Math.round(idleMs) }));
    const rows = await this.findLive(this.database.db, looks);
    const found = new Map(rows.map((row) => [row.id_hash, { ...sessionOf(row), now: row.now }]));
    return idHashes.map((idHash) => found.get(idHash) ?? null);
  }

  async list(filter: SessionsFilter, idleMs: number): Promise<Session[]> {
    const { subject, sid, before, limit } = filter;
    let query = this.database.db
      .selectFrom('sessions')
      .select(TOLD)
      .where(this.isLive(sql.lit(Math.round(idleMs))));
    if (subject !== undefined) query = query.where('subject', '=', subject);
    if (sid !== undefined) query = query.where('sid', '=', sid);
    if (before !== undefined) query = query.where('session', '<', before);
    return (await query.orderBy('session', 'desc').limit(limit).execute()).map(sessionOf);
  }

  async get(session: string): Promise<Session | null> {
    const query = this.database.db.selectFrom('sessions').select(TOLD).where('session', '=', session);
    const row = await query.executeTakeFirst();
    return row === undefined ? null : sessionOf(row);
  }

  async touch(session: string): Promise<void> {
    await this.noteUse(this.database.db, { session });
  }

  async lockRefresh(session: string, version: number, holder: string, forMs: number): Promise<boolean> {
    const { db, now } = this.database;
    const { numUpdatedRows } = await db
      .updateTable('sessions')
      .set({ refresh_by: holder, refresh_until: fromNow(this.database, forMs) })
      .where('session', '=', session)
      .where('version', '=', version)
      .where((eb) =>
        eb.or([eb('refresh_by', 'is', null), eb('refresh_by', '=', holder), eb('refresh_until', '<=', now)]),
      )
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  /** A right that ran out is lost only once somebody else has taken it: the old tokens may be worth nothing any more. */
  async keepTokens(
    session: string,
    holder: string,
    tokens: string,
    refreshInMs: number | null,
  ): Promise<boolean> {
    const { numUpdatedRows } = await this.database.db
      .updateTable('sessions')
      .set((eb) => ({
        tokens,
        version: eb('version', '+', 1),
        refresh_at: refreshInMs === null ? null : fromNow(this.database, refreshInMs),
        refresh_by: null,
        refresh_until: null,
      }))
      .where('session', '=', session)
      .where('refresh_by', '=', holder)
      .executeTakeFirstOrThrow();
    return numUpdatedRows > 0n;
  }

  async releaseRefresh(session: string, holder: string): Promise<void> {
    await this.database.db
      .updateTable('sessions')
      .set({ refresh_by: null, refresh_until: null })
      .where('session', '=', session)
      .where('refresh_by', '=', holder)
      .execute();
  }

  async expired(
    idleMs: number,
    limit: number,
  ): Promise<{ readonly session: Session; readonly reason: 'idle' | 'lifetime' }[]> {
    const idle = await this.notAfter('seen_at', fromNow(this.database, -idleMs), limit);
    const over = await this.notAfter('ends_at', this.database.now, limit);
    const either = new Map([...idle, ...over].map((session) => [session.session, session]));
    return [...either.values()]
      .map((session) => ({ session, ...endOf(session, idleMs) }))
      .sort((one, other) => one.endedAt - other.endedAt)
      .slice(0, limit)
      .map(({ session, reason }) => ({ session, reason }));
  }

  noteOnce(id: string, forMs: number): Promise<boolean> {
    return noteOnce(this.database, id, forMs);
  }

  async forgetNoted(id: string): Promise<void> {
    await this.database.db.deleteFrom('noted_ids').where('id', '=', id).execute();
  }

  takeOwed(limit: number, forMs: number): Promise<OwedRevocation[]> {
    return takeOwed(this.database, limit, forMs);
  }

  settleOwed(session: string): Promise<void> {
    return settleOwed(this.database, session);
  }

  /** In terms that no index is made of: what is looked for is nearly always live. */
  private isLive(idleMs: RawBuilder<unknown>): RawBuilder<boolean> {
    const { now } = this.database;
    return sql<boolean>`(seen_at + ${idleMs} > ${now} and ends_at + 0 > ${now})`;
  }

  private async notAfter(
    column: 'seen_at' | 'ends_at',
    moment: RawBuilder<number>,
    limit: number,
  ): Promise<Session[]> {
    const query = this.database.db.selectFrom('sessions').select(TOLD).where(column, '<=', moment);
    return (await query.orderBy(column).limit(limit).execute()).map(sessionOf);
  }
}
