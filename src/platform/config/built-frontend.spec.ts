import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtFrontend } from './built-frontend.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'surehand-frontend-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function put(files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
}

it('reads every file, index.html as the root', () => {
  put({ 'index.html': '<!doctype html>', 'assets/index-Dk3_a-.js': '1', 'assets/fonts/a.woff2': '2' });
  expect(builtFrontend(directory).map((file) => ({ ...file, content: file.content.toString() }))).toEqual([
    { path: '/assets/fonts/a.woff2', mediaType: 'font/woff2', content: '2' },
    { path: '/assets/index-Dk3_a-.js', mediaType: 'text/javascript; charset=utf-8', content: '1' },
    { path: '/', mediaType: 'text/html; charset=utf-8', content: '<!doctype html>' },
  ]);
});

it('may itself be reached by a link, such as one to the current release', () => {
  put({ 'release/index.html': '<!doctype html>' });
  symlinkSync(join(directory, 'release'), join(directory, 'current'));
  expect(builtFrontend(join(directory, 'current'))).toHaveLength(1);
});

const MANY = Object.fromEntries(Array.from({ length: 500 }, (_, number) => [`${number}.js`, '']));

it.each<[what: string, files: Record<string, string | Buffer>, said: string]>([
  ['no index.html', { 'assets/index.js': '' }, 'it has no index.html'],
  ['an index.html further down only', { 'app/index.html': '' }, 'it has no index.html'],
  ['a type that nobody knows', { 'index.html': '', 'assets/a.exe': '' }, 'of what type is assets/a.exe?'],
  ['no type', { 'index.html': '', LICENSE: '' }, 'of what type is LICENSE?'],
  ['a hidden file', { 'index.html': '', '.env': '' }, 'the name of .env is hidden'],
  ['a hidden folder', { 'index.html': '', '.vite/manifest.json': '' }, 'the name of .vite is hidden'],
  ['a name with a blank', { 'index.html': '', 'a b.js': '' }, 'the name of a b.js is'],
  ['a name that would be a parameter', { 'index.html': '', ':id.js': '' }, 'the name of :id.js is'],
  ['a name that would be a wildcard', { 'index.html': '', '*.js': '' }, 'the name of *.js is'],
  ['a path of the gateway', { 'index.html': '', 'docs/a.html': '' }, '/docs is the gateway’s own'],
  ['a path of its sessions', { 'index.html': '', 'auth/login.html': '' }, '/auth is the gateway’s own'],
  ['more than 16 MiB', { 'index.html': '', 'a.js': Buffer.alloc(16 * 1_048_576 + 1) }, 'at most 16 MiB'],
  ['more than 500 files', { 'index.html': '', ...MANY }, 'at most 500 files'],
])('refuses %s', (_, files, said) => {
  put(files);
  expect(() => builtFrontend(directory)).toThrow(said.replace('’', "'"));
});

it.each(['/etc', '/etc/passwd', 'index.html', 'nowhere'])('refuses a link, here to %s', (target) => {
  put({ 'index.html': '' });
  symlinkSync(target, join(directory, 'link.js'));
  expect(() => builtFrontend(directory)).toThrow('of files: link.js is none');
});

it.each(['/no/such/directory', import.meta.filename])('refuses %s, which is no directory', (path) => {
  expect(() => builtFrontend(path)).toThrow('the path of a readable directory with a built frontend');
});
