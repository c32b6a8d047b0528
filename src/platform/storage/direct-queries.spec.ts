import { SqliteDialect, type QueryResult } from 'kysely';
import SQLite from 'better-sqlite3';
import { Statements, directQueries } from './direct-queries.js';

const NOTHING: QueryResult<unknown> = { rows: [] };
const dialect = new SqliteDialect({ database: new SQLite(':memory:') });

it('hands each query over at once, in the order in which they are made', async () => {
  const handed: [string, readonly unknown[]][] = [];
  const db = directQueries(dialect)((text, values) => {
    handed.push([text, values]);
    return Promise.resolve(NOTHING);
  });
  const answers = [
    db.deleteFrom('claims').where('resource', '=', 'a').execute(),
    db.deleteFrom('accounts').execute(),
  ];
  expect(handed).toEqual([
    ['delete from "claims" where "resource" = ?', ['a']],
    ['delete from "accounts"', []],
  ]);
  await Promise.all(answers);
});

it.each([
  [
    'throws',
    () => {
      throw new Error('full');
    },
  ],
  ['rejects', () => Promise.reject(new Error('full'))],
] as const)('runs no statement after one that %s', async (_how, fail) => {
  const ran: string[] = [];
  const { run } = new Statements((text) => {
    ran.push(text);
    return text === 'fails' ? fail() : Promise.resolve(NOTHING);
  });
  await expect(run('runs', [])).resolves.toBe(NOTHING);
  await expect(run('fails', [])).rejects.toThrow('full');
  await expect(run('comes after', [])).rejects.toThrow('has failed');
  expect(ran).toEqual(['runs', 'fails']);
});

it('runs no statement after the end', async () => {
  const ran: string[] = [];
  const statements = new Statements((text) => {
    ran.push(text);
    return Promise.resolve(NOTHING);
  });
  await statements.run('runs', []);
  statements.end();
  await expect(statements.run('comes late', [])).rejects.toThrow('has ended');
  expect(ran).toEqual(['runs']);
});
