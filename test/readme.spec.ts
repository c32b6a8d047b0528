import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../src/platform/config/settings.js';
import { PROBLEM_TYPES } from '../src/platform/http/problem-types.js';

const README = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
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
