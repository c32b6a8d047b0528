/** Somebody who can sign in at the sandbox, and the scopes that person may be granted. */
export interface Person {
  readonly username: string;
  readonly mayDo: string;
  readonly scopes: readonly string[];
}

/** The password of everybody: the sandbox is no place for secrets. */
export const sharedPassword = 'surehand';

export const clerkScopes: readonly string[] = [
  'handoff:read',
  'handoff:write',
  'deferred-actions:read',
  'deferred-actions:write',
];

const supervisorScopes: readonly string[] = [
  ...clerkScopes,
  'deferred-actions:perform',
  'deferred-actions:delete',
  'writes:read',
  'writes:resolve',
  'sessions:manage',
];

const auditorScopes: readonly string[] = ['audit:read', 'writes:read'];

export const people: readonly Person[] = [
  { username: 'clerk', mayDo: 'reads and changes handoffs and deferred actions', scopes: clerkScopes },
  {
    username: 'supervisor',
    mayDo: 'also performs and deletes deferred actions, resolves writes and ends sessions',
    scopes: supervisorScopes,
  },
  { username: 'auditor', mayDo: 'reads the audit trail and the writes', scopes: auditorScopes },
];

/** Every scope somebody can have. */
export const allScopes: readonly string[] = [...new Set(people.flatMap(({ scopes }) => scopes))];

export function personNamed(username: string): Person | undefined {
  return people.find((person) => person.username === username);
}
