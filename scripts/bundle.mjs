// Puts the built gateway and the packages that it loads into few files, in place: Node needs longer to find and
// compile 3,000 files than the gateway for all else that it does at its start. `nest build` alone leaves a gateway
// that runs as well.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

/** These stay where they are, and are loaded from there. */
const STAY = [
  // They look for files of their own: a native module, pages for browsers, a worker thread.
  ...['better-sqlite3', 'swagger-ui-dist', 'pino'],
  // Loaded only where they are configured.
  ...['pg', /^@opentelemetry\//],
  // One of it for all, first of all.
  'reflect-metadata',
  // Its entry for Node hides what it requires.
  'jsonc-parser',
  // Nest asks whether they are there. They are not.
  ...[/^@nestjs\/(microservices|websockets|platform-express)/, /^@fastify\/(static|view)$/],
  // Colours for whoever debugs, taken if some development package brings it.
  'supports-color',
  // @nestjs/mapped-types asks for it if an older class-transformer has no other door.
  'class-transformer/storage',
];

const dist = new URL('../dist/', import.meta.url);
const root = fileURLToPath(new URL('../', import.meta.url));
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const bundle = await rolldown({
  input: {
    main: fileURLToPath(new URL('main.js', dist)),
    'store.worker': fileURLToPath(new URL('platform/stores/store.worker.js', dist)),
  },
  platform: 'node',
  external: STAY,
  plugins: [{ name: 'source-maps', load: (id) => withMap(id) }],
  onLog(_level, { code, message }) {
    // What Nest would take if it were installed stays outside, too.
    if (code !== 'UNRESOLVED_IMPORT') throw new Error(message);
  },
});
const { output } = await bundle.generate({
  entryFileNames: ({ name }) => (name === 'main' ? 'main.js' : 'bundle/[name].js'),
  chunkFileNames: 'bundle/[name].js',
  codeSplitting: { groups: [{ name: 'packages', test: /node_modules/, entriesAware: true }] },
  // Documented schemas and XML elements are called by the names of their classes.
  keepNames: true,
  // One character beyond it, and V8 keeps a text of 3 MB as one of 6 MB.
  charset: 'ascii',
  // Licences are in a file of their own.
  comments: false,
  sourcemap: 'hidden',
});
mkdirSync(new URL('bundle/', dist));
const chunks = output.filter(({ type }) => type === 'chunk');
for (const { fileName, code, map, moduleIds } of chunks) {
  const file = new URL(fileName, dist);
  // Node keeps every map in memory: those of packages would be 50 MB.
  if (map === null || moduleIds.every((id) => packageOf(id) !== undefined)) {
    writeFileSync(file, code);
  } else {
    writeFileSync(file, `${code}//# sourceMappingURL=${basename(fileName)}.map\n`);
    writeFileSync(`${fileURLToPath(file)}.map`, map.toString());
  }
}

const packages = new Set(chunks.flatMap(({ moduleIds }) => moduleIds.map(packageOf)));
packages.delete(undefined);
writeFileSync(new URL('bundle/LICENCES.txt', dist), [...packages].sort().map(licenceOf).join('\n'));

/** The directory of the package that a module is of, as the lock names it; undefined for our own. */
function packageOf(id) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(relative(root, id))?.[0];
}

/** What its licence asks to go along with a package. Throws for one that would not be installed to run the gateway. */
function licenceOf(directory) {
  if (lock.packages[directory]?.dev === true)
    throw new Error(`${directory} is there for development only, and got into the bundle`);
  const { name, version, license, author } = JSON.parse(
    readFileSync(join(root, directory, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(join(root, directory))
    .filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
    .map((file) => readFileSync(join(root, directory, file), 'utf8'));
  // A few packages only name theirs.
  const by = typeof author === 'object' ? author.name : author;
  return [`== ${name} ${version}: ${license}, ${by ?? 'its contributors'}`, ...texts, ''].join('\n\n');
}

/** A compiled file of ours with the map that leads back to its TypeScript. */
function withMap(id) {
  if (packageOf(id) !== undefined || !id.endsWith('.js')) return null;
  return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
}
