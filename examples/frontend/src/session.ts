import { gateway } from './gateway.js';
import type { components } from './api.js';

type SessionState = components['schemas']['SessionState'];

/** Somebody is signed in: the gateway tells all but `loginUrl`. */
export interface SignedIn extends Required<Omit<SessionState, 'authenticated' | 'loginUrl'>> {
  readonly authenticated: true;
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
  const { data, response } = await gateway.GET('/auth/session');
  if (response.status === 404) return { authenticated: false, loginUrl: null };
  if (data === undefined) throw new Error(`The gateway answered ${String(response.status)}`);
  if (!data.authenticated) return { authenticated: false, loginUrl: data.loginUrl ?? null };
  const now = Date.parse(response.headers.get('date') ?? '') || Date.now();
  return { ...(data as Omit<SignedIn, 'now'>), now };
}

/** What has to be asked so that the session does not end for want of use. */
export async function stay(): Promise<void> {
  const { response } = await gateway.GET('/writes', { params: { query: { limit: 1 } } });
  if (response.status === 429 || response.status >= 500)
    throw new Error(`The gateway answered ${String(response.status)}`);
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
  const { data, response } = await gateway.POST('/auth/logout', { params: { query: { returnTo: '/' } } });
  if (data === undefined) throw new Error(`The gateway answered ${String(response.status)}`);
  // The next one to sign in here is to find nothing of this one.
  sessionStorage.clear();
  location.assign(data.next);
}
