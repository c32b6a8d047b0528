import { lstatSync, readFileSync, readdirSync, statSync, type Dirent } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { Expected, type Reader } from './setting.js';

/** A file of a frontend, as it is served. */
export interface FrontendFile {
  /** The path of its URL; `/` is index.html. */
  readonly path: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

const INDEX = 'index.html';
/** All of it stays in memory, in every replica. */
const LARGEST_BYTES = 16 * 1_048_576;
const MOST_FILES = 500;
/** What a URL and a route can have as it is: nothing to encode, no parameter, nothing hidden, no `..`. */
const PLAIN_NAME = /^[A-Za-z0-9_~-][A-Za-z0-9._~-]*$/;

/** By extension: a browser goes by the type alone, since it is told not to guess. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
};

/** The first segments of the gateway's own paths, whether or not its settings turn them on. */
export const OWN_SEGMENTS: readonly string[] = [
  'audit',
  'auth',
  'bcws',
  'clmo-handoff-services',
  'docs',
  'health',
  'metrics',
  'openapi.json',
  'problems',
  'writes',
];

/**
 * Reads a built frontend, by the path of its directory: every file that is in it, once. What could not be served as
 * it lies there is refused, rather than left out.
 */
export const builtFrontend: Reader<readonly FrontendFile[]> = (directory) => {
  const names = filesIn(directory, directory);
  if (!names.includes(INDEX)) throw new Expected(`a built frontend: it has no ${INDEX}`);
  let left = LARGEST_BYTES;
  for (const name of names) left -= statSync(join(directory, name)).size;
  if (left < 0) throw new Expected(`a built frontend of at most ${LARGEST_BYTES / 1_048_576} MiB`);
  return names.map((name) => fileOf(directory, name));
};

function fileOf(directory: string, name: string): FrontendFile {
  const mediaType = MEDIA_TYPES[extname(name)];
  if (mediaType === undefined) throw new Expected(`a built frontend: of what type is ${name}?`);
  const [first = ''] = name.split('/');
  if (OWN_SEGMENTS.includes(first))
    throw new Expected(`a built frontend: /${first} is the gateway's own, so ${name} cannot be served`);
  const path = name === INDEX ? '/' : `/${name}`;
  return { path, mediaType, content: readFileSync(join(directory, name)) };
}

/** The names of all files below a directory, relative to `root`, with `/`; in their order. */
function filesIn(root: string, directory: string, found: string[] = []): string[] {
  for (const entry of entriesOf(directory)) {
    const path = join(directory, entry.name);
    const name = relative(root, path);
    if (!PLAIN_NAME.test(entry.name))
      throw new Expected(`a built frontend: the name of ${name} is hidden, or none for a URL`);
    if (entry.isDirectory()) filesIn(root, path, found);
    // A link could lead anywhere, also tomorrow.
    else if (!lstatSync(path).isFile()) throw new Expected(`a built frontend of files: ${name} is none`);
    else found.push(name);
    if (found.length > MOST_FILES) throw new Expected(`a built frontend of at most ${MOST_FILES} files`);
  }
  return found;
}

function entriesOf(directory: string): Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    throw new Expected('the path of a readable directory with a built frontend', { cause: error });
  }
}
