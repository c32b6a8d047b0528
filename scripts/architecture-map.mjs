/**
 * Prints which folder of src/ imports which, taken from the real imports. With `--write` it also renews the map
 * in the documents that show it, between the markers `<!-- map -->` and `<!-- /map -->`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const ROOT = join(import.meta.dirname, '..');
const DOCUMENTS = ['README.md', 'docs/architecture.md'];
const GROUPS = ['main', 'app', 'features', 'platform', 'sandbox', 'audit-verify'];

/** Where a file belongs: the entry, the composition root, one feature, one part of the platform, or another program. */
function folderOf(file) {
  const [, first, second] = file.split('/');
  if (first === 'main.ts') return 'main';
  if (first.startsWith('app.')) return 'app';
  return ['sandbox', 'audit-verify'].includes(first) ? first : `${first}/${second}`;
}

/** For each folder, the others that it imports: true if by a value, false if by types only. */
async function importsOfFolders() {
  const { options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
  const { output } = await cruise(
    ['src'],
    { ...options, baseDir: ROOT, includeOnly: { path: '^src/' }, exclude: { path: '\\.spec\\.ts$' } },
    options.enhancedResolveOptions,
    { tsConfig: extractTSConfig(join(ROOT, options.tsConfig.fileName)) },
  );
  const folders = new Map();
  for (const { source, dependencies } of output.modules) {
    const from = folderOf(source);
    const targets = folders.get(from) ?? new Map();
    folders.set(from, targets);
    for (const { resolved, dependencyTypes } of dependencies) {
      const to = folderOf(resolved);
      const value = !dependencyTypes.includes('type-only');
      if (to !== from) targets.set(to, value || targets.get(to) === true);
    }
  }
  return folders;
}

/** One line a folder, in the direction of the code. */
function drawn(folders) {
  const rank = (folder) => GROUPS.indexOf(folder.split('/')[0]);
  const inOrder = (a, b) => rank(a) - rank(b) || (a < b ? -1 : 1);
  const width = Math.max(...[...folders.keys()].map(({ length }) => length));
  return [...folders.keys()]
    .sort(inOrder)
    .map((folder) => {
      const targets = [...folders.get(folder)]
        .sort(([a], [b]) => inOrder(a, b))
        .map(([target, value]) => target.split('/').at(-1) + (value ? '' : ' (types)'));
      return `${folder.padEnd(width)}  → ${targets.join(', ') || 'nothing of ours'}`;
    })
    .join('\n');
}

const map = drawn(await importsOfFolders());
if (process.argv.includes('--write')) {
  for (const document of DOCUMENTS) {
    const path = join(ROOT, document);
    const renewed = readFileSync(path, 'utf8').replace(
      /(<!-- map -->\n\n```text\n)[^]*?(\n```\n\n<!-- \/map -->)/,
      (_all, before, after) => before + map + after,
    );
    writeFileSync(path, renewed);
  }
}
process.stdout.write(`${map}\n`);
