import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

describe('the types of the example frontend', () => {
  it('are what the contract says; npm run client writes them anew', () => {
    const check = spawnSync(process.execPath, ['scripts/client.mjs', '--check'], {
      cwd: join(import.meta.dirname, '..'),
      encoding: 'utf8',
    });
    expect([check.status, check.stderr]).toEqual([0, '']);
  });
});
