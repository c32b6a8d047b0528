import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { SETTINGS } from '../src/platform/config/settings.js';
import { PROBLEM_TYPES } from '../src/platform/http/problem-types.js';

const ROOT = join(import.meta.dirname, '..');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const REQUIRED = Object.entries(SETTINGS).filter(([, setting]) => !('fallback' in setting));

/** Cells of the table row that begins with a code, without their padding. */
function row(first: string): string[] | undefined {
  const line = README.split('\n').find((candidate) => candidate.startsWith(`| \`${first}\``));
  return line?.split('|').map((cell) => cell.trim());
}

describe('the README', () => {
  it.each(Object.entries(PROBLEM_TYPES))('tells status and repeatability of %s', (code, problem) => {
    expect(row(code)?.slice(2, 4)).toEqual([String(problem.status), problem.retryable ? 'yes' : 'no']);
  });

  it.each(REQUIRED.map(([name]) => name))('tells that %s is required', (name) => {
    expect(row(name)).toBeDefined();
  });
});

/** Every page of the documentation, by its path. */
const PAGES = new Map(
  ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(ROOT, 'docs')).map((name) => `docs/${name}`)]
    .filter((path) => path.endsWith('.md'))
    .map((path) => [path, readFileSync(join(ROOT, path), 'utf8').replace(/^( *)```.*?^\1```$/gms, '')]),
);

/** The names that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
  return [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each([...PAGES])('%s', (path, text) => {
  it('leads nowhere that is not there', () => {
    const dead = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
      .map(([, link = '']) => link)
      .filter((link) => {
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? path : relative(ROOT, join(ROOT, dirname(path), file));
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchorsOf(PAGES.get(target) ?? '').includes(anchor);
      });
    expect(dead).toEqual([]);
  });

  it('names only tests that there are', () => {
    const named = [...text.matchAll(/`((?:test|src)\/)?([\w/-]+\.spec\.ts)`/g)];
    const missing = named
      .map(([, folder = 'test/', file = '']) => `${folder}${file}`)
      .filter((file) => !existsSync(join(ROOT, file)));
    expect(missing).toEqual([]);
  });

  it('quotes the names of tests as they are', () => {
    const quoted = [...text.matchAll(/`([\w-]+\.spec\.ts)` "([^"]+)"/g)];
    const wrong = quoted.filter(
      ([, file = '', title = '']) => !readFileSync(join(ROOT, 'test', file), 'utf8').includes(title),
    );
    expect(wrong.map(([all]) => all)).toEqual([]);
  });
});
