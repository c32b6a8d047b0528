// Packs the built gateway into surehand-<version>.tgz, in the directory that is given or here: what runs, its lock,
// its pages and deploy/. Needs GNU tar. The same commit makes the same archive.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const CONTENT = [
  ...['package.json', 'package-lock.json', '.npmrc', '.env.example', 'README.md', 'openapi.json'],
  ...['dist', 'docs', 'deploy'],
];

const root = fileURLToPath(new URL('../', import.meta.url));
const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const archive = resolve(process.argv[2] ?? '.', `${name}-${version}.tgz`);
const { status } = spawnSync(
  'tar',
  [
    ...['--create', '--file', archive, '--use-compress-program=gzip -n'],
    ...['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', '--mtime=@0'],
    // The sandbox needs development packages. What a compose set-up here is given is nobody else's business.
    ...['--exclude=dist/sandbox', '--exclude=deploy/compose/secrets', '--exclude=deploy/compose/.env'],
    `--transform=s,^,${name}-${version}/,`,
    ...CONTENT,
  ],
  { cwd: root, stdio: 'inherit' },
);
if (status !== 0) process.exit(1);
process.stdout.write(`${archive}\n`);
