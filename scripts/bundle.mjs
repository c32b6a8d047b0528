// Puts the built gateway and the packages that it loads into few files, in place: Node needs longer to find and
// compile 3,000 files than the gateway for all else that it does at its start. `nest build` alone leaves a gateway
// that runs as well.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
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
  // @nestjs/mapped-types asks for it if an older class-transformer has no other door.
  'class-transformer/storage',
];

const dist = new URL('../dist/', import.meta.url);
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
  comments: { legal: true, annotation: false, jsdoc: false },
  sourcemap: 'hidden',
});
mkdirSync(new URL('bundle/', dist));
for (const { fileName, code, map, moduleIds } of output.filter(({ type }) => type === 'chunk')) {
  const file = new URL(fileName, dist);
  // Node keeps every map in memory: those of packages would be 50 MB.
  if (map === null || moduleIds.every((id) => id.includes('node_modules'))) {
    writeFileSync(file, code);
  } else {
    writeFileSync(file, `${code}//# sourceMappingURL=${basename(fileName)}.map\n`);
    writeFileSync(`${fileURLToPath(file)}.map`, map.toString());
  }
}

/** A compiled file of ours with the map that leads back to its TypeScript. */
function withMap(id) {
  if (id.includes('node_modules') || !id.endsWith('.js')) return null;
  return { code: readFileSync(id, 'utf8'), map: readFileSync(`${id}.map`, 'utf8') };
}
