import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { AxeResults, RunOptions } from 'axe-core';

const ROOT = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The example frontend, built into a directory of its own. */
export class BuiltFrontend {
  readonly directory = mkdtempSync(join(tmpdir(), 'surehand-frontend-'));

  constructor() {
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
    const build = ['build', 'examples/frontend', '--outDir', this.directory, '--logLevel', 'warn'];
    execFileSync(process.execPath, [vite, ...build, '--emptyOutDir'], { cwd: ROOT, stdio: 'pipe' });
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}

/** What keeps some people from using the page as it stands, a line each: by all rules of axe, or by some. */
export async function barriers(page: Page, rules?: string[]): Promise<string[]> {
  // Through the debugger: the policy of the page lets no script in. It is half a megabyte, once for each page.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    (only) =>
      (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run({
        resultTypes: ['violations'],
        ...(only !== undefined && { runOnly: only }),
      }),
    rules,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
  );
}
