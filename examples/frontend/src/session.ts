import { gatewayFetch } from './gateway.js';

export interface SignedIn {
  readonly authenticated: true;
  /** Names the session; nothing that opens it. */
  readonly session: string;
  readonly subject: string;
  readonly scopes: readonly string[];
  /** What those scopes permit, such as `deferred-action.modify`. */
  readonly operations: readonly string[];
  readonly startedAt: string;
  /** When it ends unless something is asked before. */
  readonly idleEndsAt: string;
  /** When it ends in any case. */
  readonly endsAt: string;
  /** What the time was at the gateway when it said so, ms since the epoch: the clock here may be wrong. */
  readonly now: number;
}

export interface SignedOut {
  readonly authenticated: false;
  readonly loginUrl: string;
}

/** The gateway has no AUTH_CLIENT_ID, and so no sessions. */
export interface NoSessions {
  readonly authenticated: false;
  readonly loginUrl: null;
}

export type Session = SignedIn | SignedOut | NoSessions;

/** Who is signed in. Asking does not keep the session alive. */
export async function currentSession(): Promise<Session> {
  const reply = await gatewayFetch(new Request('/auth/session'));
  if (reply.status === 404) return { authenticated: false, loginUrl: null };
  if (!reply.ok) throw new Error(`The gateway answered ${String(reply.status)}`);
  const session = (await reply.json()) as Omit<SignedIn, 'now'> | SignedOut;
  if (!session.authenticated) return session;
  return { ...session, now: Date.parse(reply.headers.get('date') ?? '') || Date.now() };
}

/** What has to be asked so that the session does not end for want of use. */
export async function stay(): Promise<void> {
  await gatewayFetch(new Request('/writes?limit=1'));
}

const VIEW = 'view-before-login';

/** Goes to the identity provider, and comes back to this view: only the path takes the way around. */
export function signIn({ loginUrl }: SignedOut): void {
  sessionStorage.setItem(VIEW, location.hash);
  const login = new URL(loginUrl, location.href);
  login.searchParams.set('returnTo', location.pathname);
  location.assign(login);
}

/** The view from which somebody went to sign in, once. */
export function viewBeforeLogin(): string | null {
  const view = sessionStorage.getItem(VIEW);
  sessionStorage.removeItem(VIEW);
  return view;
}

/** Ends the session here, then at the identity provider. */
export async function signOut(): Promise<void> {
  const reply = await gatewayFetch(new Request('/auth/logout?returnTo=/', { method: 'POST' }));
  if (!reply.ok) throw new Error(`The gateway answered ${String(reply.status)}`);
  const { next } = (await reply.json()) as { next: string };
  // The next one to sign in here is to find nothing of this one.
  sessionStorage.clear();
  location.assign(next);
}
