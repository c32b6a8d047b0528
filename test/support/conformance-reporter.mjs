// Holds docs/conformance.md against the tests that name a requirement in their title. Of a run of all tests only: a
// part of them shows nothing. With SUREHAND_CONFORMANCE=write it writes the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { REQUIREMENTS } from './conformance-requirements.mjs';

const PAGE = 'docs/conformance.md';
const TAG = / \[((?:B\d+)(?:, B\d+)*)\]$/;

export default class ConformanceReporter {
  #error;

  constructor(globalConfig) {
    this.root = globalConfig.rootDir;
    this.writes = process.env.SUREHAND_CONFORMANCE === 'write';
    this.isWhole = globalConfig.testPathPatterns.patterns.length === 0 && !globalConfig.testNamePattern;
  }

  async onRunComplete(_contexts, { testResults }) {
    if (!this.writes && !this.isWhole) return;
    const shown = this.#shown(testResults);
    const isMissing = ({ id }) => shown.get(id)?.some(({ passed }) => passed > 0) !== true;
    const missing = REQUIREMENTS.filter((each) => each.level === 'MUST' && isMissing(each));
    if (missing.length > 0) {
      this.#error = new Error(`no passing test shows ${missing.map(({ id }) => id).join(', ')} of RFC 10017`);
      return;
    }
    // Where there is no browser, its tests are left out. Where nothing may be left out, nothing is.
    const leftOut = [...shown.values()].flat().filter(({ skipped }) => skipped > 0);
    if (process.env.CI !== undefined && leftOut.length > 0) {
      this.#error = new Error(`left out: ${leftOut.map(({ told }) => told).join(', ')}`);
      return;
    }
    const page = await this.#page(shown);
    if (this.writes) writeFileSync(PAGE, page);
    else if (readFileSync(PAGE, 'utf8') !== page)
      this.#error = new Error(`${PAGE} does not tell what the tests show: npm run docs:conformance`);
  }

  getLastError() {
    if (this.#error !== undefined) console.error(this.#error.message);
    return this.#error;
  }

  /** The titles of tests and groups by requirement, those only of which nothing failed. */
  #shown(testResults) {
    const groups = new Map();
    for (const { testFilePath, testResults: tests } of testResults) {
      const file = relative(this.root, testFilePath);
      for (const { ancestorTitles, title, status } of tests) {
        const titles = [...ancestorTitles, title];
        titles.forEach((named, index) => {
          const [, ids] = TAG.exec(named) ?? [];
          if (ids === undefined) return;
          const told = titles
            .slice(0, index + 1)
            .map((part) => part.replace(TAG, ''))
            .join(' › ');
          const key = `${file}\n${told}`;
          const group = groups.get(key) ?? {
            file,
            told,
            ids: ids.split(', '),
            passed: 0,
            skipped: 0,
            failed: 0,
          };
          if (status === 'passed') group.passed++;
          else if (status === 'failed') group.failed++;
          else group.skipped++;
          groups.set(key, group);
        });
      }
    }
    const shown = new Map();
    for (const group of groups.values())
      if (group.failed === 0) for (const id of group.ids) shown.set(id, [...(shown.get(id) ?? []), group]);
    return shown;
  }

  async #page(shown) {
    const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
    const byFile = (one, other) =>
      `${one.file} ${one.told}`.localeCompare(`${other.file} ${other.told}`, 'en');
    const rows = REQUIREMENTS.map(({ id, level, text }) => {
      const tests = [...(shown.get(id) ?? [])].sort(byFile);
      const lines = tests.map(({ file, told }) => `${cell(told)} ([${file.split('/').at(-1)}](../${file}))`);
      return `| ${id} | ${level} | ${cell(text)} | ${lines.join('<br>')} |`;
    });
    const text = `# Conformance

What [RFC 10017](https://www.rfc-editor.org/rfc/rfc10017) (BCP 212), "OAuth 2.0 for Browser-Based Applications", asks of a backend-for-frontend, in our own words, and the tests that show it here. \`npm test\` fails if a MUST has no test that passes, or if this page is not what the tests say. \`npm run docs:conformance\` writes it.

| | Level | Requirement | Shown by |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
    return await format(text, { ...(await resolveConfig(PAGE)), parser: 'markdown' });
  }
}
