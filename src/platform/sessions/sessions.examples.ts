import { invalidBody, invalidQuery, Problem } from '../http/problem.js';
import { invalidId, type DocumentedProblem } from '../openapi/documented-problems.js';
import { SESSION_NAME, SESSION_NAME_ADVICE } from './session-name.js';

/** What the OpenAPI document shows. */
const TIMES = {
  startedAt: '2026-02-14T09:00:00.000Z',
  idleEndsAt: '2026-02-14T10:00:00.000Z',
  endsAt: '2026-02-14T19:00:00.000Z',
};

export const SIGNED_IN = {
  authenticated: true,
  session: SESSION_NAME.schema.example,
  subject: 'clerk',
  scopes: ['deferred-actions:read', 'deferred-actions:write'],
  operations: ['deferred-action.list', 'deferred-action.modify'],
  ...TIMES,
};
export const SIGNED_OUT = { next: '/auth/logout?hint=k3VqN8wTz1xY' };
export const SESSIONS = {
  items: [
    {
      session: SESSION_NAME.schema.example,
      subject: 'clerk',
      ...TIMES,
      seenAt: '2026-02-14T09:30:00.000Z',
      address: '10.1.2.3',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64)',
    },
  ],
  next: null,
};

export const ONWARD = {
  Location: {
    description: 'Where to.',
    schema: { type: 'string', format: 'uri-reference' },
    example: '/',
  },
};

export const LOGIN_PROBLEMS: readonly DocumentedProblem[] = [
  invalidQuery([
    {
      pointer: '?returnTo',
      message: 'must be a path of this origin, such as /orders?id=7: one slash first, no backslash',
    },
  ]),
  'identity-provider-unavailable',
];
export const CALLBACK_PROBLEMS: readonly DocumentedProblem[] = [
  new Problem('login-failed', { detail: 'The login was cancelled, or you may not sign in here.' }),
  'identity-provider-unavailable',
  'audit-unavailable',
];
/** What a cookie may be refused for where it may be left out. */
const OF_SESSIONS: readonly DocumentedProblem[] = [
  'csrf-header-missing',
  'ambiguous-credentials',
  'session-unavailable',
];
export const STATE_PROBLEMS: readonly DocumentedProblem[] = [
  ...OF_SESSIONS,
  'identity-provider-unavailable',
  'overloaded',
];
export const LOGOUT_PROBLEMS: readonly DocumentedProblem[] = [
  ...LOGIN_PROBLEMS,
  ...OF_SESSIONS,
  'audit-unavailable',
  'overloaded',
];
export const BACK_CHANNEL_PROBLEMS: readonly DocumentedProblem[] = [
  'invalid-logout-token',
  invalidBody('invalid-request', [{ pointer: '#/logout_token', message: 'is required' }]),
  'payload-too-large',
  'unsupported-media-type',
  'session-unavailable',
  'identity-provider-unavailable',
];
export const SESSIONS_PROBLEMS: readonly DocumentedProblem[] = [
  invalidQuery([{ pointer: '?user', message: 'is not a known parameter' }]),
];
export const END_PROBLEMS: readonly DocumentedProblem[] = [
  invalidQuery([{ pointer: '?reason', message: 'must be a string' }]),
  invalidId(SESSION_NAME_ADVICE),
  new Problem('not-found', { detail: 'There is no such session, or it has ended already.' }),
  'audit-unavailable',
];
