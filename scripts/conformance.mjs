// Writes docs/conformance.md: runs the specs that name a requirement in a title, and lets their reporter write it.
import { execFileSync, spawnSync } from 'node:child_process';

const tagged = execFileSync(
  'git',
  ['grep', '-lE', String.raw`\[B[0-9]+(, B[0-9]+)*\]`, '--', 'test/*.spec.ts', 'src/*.spec.ts'],
  {
    encoding: 'utf8',
  },
);
const { status } = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    ...tagged.trim().split('\n'),
  ],
  { stdio: 'inherit', env: { ...process.env, SUREHAND_CONFORMANCE: 'write' } },
);
process.exitCode = status ?? 1;
