import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PAGE = 'docs/dependencies.md';
const LOCK = 'package-lock.json';

interface Bom {
  readonly bomFormat: string;
  readonly metadata: { readonly component: { readonly name: string } };
  readonly components: readonly { name: string; version: string; licenses: unknown[]; hashes: unknown[] }[];
}

describe('what is installed beside our own code', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    mkdirSync(join(directory, 'docs'));
    symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** The check of a copy of this project in which one file reads otherwise. */
  function check(
    changed: string,
    change: (content: string) => string,
  ): { code: number | null; faults: string[] } {
    for (const file of ['package.json', LOCK, PAGE]) {
      const content = readFileSync(join(ROOT, file), 'utf8');
      writeFileSync(join(directory, file), file === changed ? change(content) : content);
    }
    const { status, stderr } = spawnSync(process.execPath, ['scripts/supply-chain.mjs', directory], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    return { code: status, faults: stderr.trimEnd().split('\n') };
  }

  /** The lock with other facts about one package. */
  const locked = (name: string, facts: object) => (content: string) => {
    const lock = JSON.parse(content) as { packages: Record<string, object> };
    const path = `node_modules/${name}`;
    lock.packages[path] = { ...lock.packages[path], ...facts };
    return JSON.stringify(lock);
  };

  it('passes the check as it is', () => {
    expect(check('', (content) => content)).toEqual({ code: 0, faults: [''] });
  });

  it.each<[string, string, (content: string) => string, RegExp]>([
    [
      'a licence that is not on the list',
      LOCK,
      locked('saxes', { license: 'AGPL-3.0' }),
      /^saxes \S+ has the licence AGPL-3\.0/,
    ],
    [
      'a package without a licence',
      LOCK,
      locked('saxes', { license: undefined }),
      /^saxes \S+ has the licence none/,
    ],
    [
      'another version than the locked one',
      LOCK,
      locked('saxes', { version: '6.0.1' }),
      /^saxes 6\.0\.1 is installed as 6\.0\.0/,
    ],
    [
      'a runtime package that is not installed',
      LOCK,
      locked('left-pad', { version: '1.3.0', integrity: sha512('left-pad') }),
      /^left-pad 1\.3\.0 is not installed/,
    ],
    [
      'an install script that is new',
      LOCK,
      locked('saxes', { hasInstallScript: true }),
      /^saxes \S+ has an install script that nobody reviewed/,
    ],
    [
      'an install script of a tool that is new',
      LOCK,
      locked('prettier', { hasInstallScript: true }),
      /^prettier \S+ has an install script that nobody reviewed/,
    ],
    [
      'an install script that runs with the gateway',
      'package.json',
      (content) => content.replace('"@scarf/scarf": false', '"@scarf/scarf": true'),
      /^@scarf\/scarf \S+ runs its install script/,
    ],
    [
      'a package without a hash',
      LOCK,
      locked('saxes', { integrity: undefined }),
      /^saxes \S+ has no SHA-512/,
    ],
    [
      'a package with a weak hash',
      LOCK,
      locked('saxes', { integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=' }),
      /^saxes \S+ has no SHA-512/,
    ],
    [
      'another registry',
      LOCK,
      locked('saxes', { resolved: 'https://registry.npmjs.org.evil.example/saxes.tgz' }),
      /^saxes \S+ comes from https:\/\/registry\.npmjs\.org\.evil/,
    ],
    [
      'a review of what is gone',
      'package.json',
      (content) => content.replace('"@scarf/scarf": false', '"@scarf/scarf": false, "gone": true'),
      /^gone is in allowScripts for nothing/,
    ],
    [
      'a dependency without its reason',
      PAGE,
      (content) => content.replace(/^\| `saxes`.*\n/m, ''),
      /^saxes is not in docs/,
    ],
    [
      'a reason for nothing',
      PAGE,
      (content) => content.replace('| `saxes` ', '| `sax` '),
      /^sax is in docs\/dependencies\.md for nothing/m,
    ],
    [
      'an empty cell',
      PAGE,
      (content) => content.replace(/^(\| `saxes` .*)\|[^|]+\|$/m, '$1| |'),
      /^saxes lacks a cell/,
    ],
    [
      'a wrong licence on the page',
      PAGE,
      (content) => content.replace(/^(\| `saxes` +\|) ISC/m, '$1 MIT'),
      /^saxes has another licence/,
    ],
  ])('fails the check with %s', (_, file, change, fault) => {
    const { code, faults } = check(file, change);
    expect(code).toBe(1);
    expect(faults).toContainEqual(expect.stringMatching(fault));
    expect(faults.length).toBeLessThanOrEqual(3);
  });
});

it('is told as CycloneDX by npm run sbom: every package that runs, with its hash and licence, and no other', () => {
  const { stdout, status } = spawnSync('npm', ['run', '--silent', 'sbom'], { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(0);
  const { bomFormat, metadata, components } = JSON.parse(stdout) as Bom;
  expect({ bomFormat, name: metadata.component.name }).toEqual({ bomFormat: 'CycloneDX', name: 'surehand' });
  const { packages } = JSON.parse(readFileSync(join(ROOT, LOCK), 'utf8')) as {
    packages: Record<string, { version: string; dev?: true }>;
  };
  const running = Object.entries(packages).flatMap(([path, { version, dev }]) =>
    path === '' || dev ? [] : [`${path.replace(/^.*node_modules\//, '')} ${version}`],
  );
  expect([...new Set(components.map(({ name, version }) => `${name} ${version}`))].sort()).toEqual(
    [...new Set(running)].sort(),
  );
  for (const { hashes, licenses } of components) expect([hashes.length, licenses.length]).toEqual([1, 1]);
});

function sha512(text: string): string {
  return `sha512-${createHash('sha512').update(text).digest('base64')}`;
}
