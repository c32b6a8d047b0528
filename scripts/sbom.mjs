// Writes what runs beside our own code to standard output, as CycloneDX, from the lock.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Not `--omit dev`: that leaves out what a development dependency needs, too, such as pg and rxjs.
const { stdout, status } = spawnSync(
  'npm',
  ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'],
  {
    cwd: fileURLToPath(new URL('../', import.meta.url)),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
if (status !== 0) process.exit(1);
const bom = JSON.parse(stdout);

const components = bom.components.filter(
  ({ properties }) => !properties.some(({ name }) => name === 'cdx:npm:package:development'),
);
const kept = new Set([...components, bom.metadata.component].map((component) => component['bom-ref']));
// npm calls it by the name of its directory.
bom.metadata.component.name = 'surehand';
bom.components = components;
bom.dependencies = bom.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
