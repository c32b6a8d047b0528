import { claimAt } from './principal.js';

describe('claimAt', () => {
  const claims = {
    scope: 'handoff:write',
    realm_access: { roles: ['clerk'], note: null },
    'https://bank.example/roles': ['auditor'],
    'realm_access.flat': 'its very name has a dot',
  };

  it.each([
    ['scope', 'handoff:write'],
    ['realm_access.roles', ['clerk']],
    ['https://bank.example/roles', ['auditor']],
    ['realm_access.flat', 'its very name has a dot'],
    ['realm_access.note', null],
  ])('finds %s', (path, value) => {
    expect(claimAt(claims, path)).toEqual(value);
  });

  it.each([
    'roles',
    'realm_access.nobody',
    'realm_access.note.deeper',
    'scope.length',
    'constructor',
    'constructor.name',
    'realm_access.roles.map',
    '',
  ])('finds nothing at %p', (path) => {
    expect(claimAt(claims, path)).toBeUndefined();
  });
});
