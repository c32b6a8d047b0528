import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { AxeResults, RunOptions } from 'axe-core';

const ROOT = join(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** The example frontend, built for the sandbox into a directory of its own. */
export class BuiltFrontend {
  readonly directory = mkdtempSync(join(tmpdir(), 'surehand-frontend-'));

  constructor() {
    const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
    const build = [
      'build',
      'examples/frontend',
      '--mode',
      'sandbox',
      '--outDir',
      this.directory,
      '--logLevel',
      'warn',
    ];
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

/** Of the two views in the picture, px. */
const WIDTHS = [732, 524] as const;
const HEIGHT = 880;

/** Shows two views beside each other in one picture, for the README. */
export async function takePicture(
  context: BrowserContext,
  addresses: readonly [string, string],
  path: string,
): Promise<void> {
  const page = await context.newPage();
  const shots: string[] = [];
  for (const [index, address] of addresses.entries()) {
    await page.setViewportSize({ width: WIDTHS[index] ?? 0, height: HEIGHT - 16 });
    await page.goto(address);
    await page.locator('main time, main tbody').first().waitFor();
    shots.push((await page.screenshot()).toString('base64'));
  }
  await page.goto('about:blank');
  await page.setViewportSize({ width: WIDTHS[0] + WIDTHS[1] + 24, height: HEIGHT });
  const style = 'margin:8px 4px;border-radius:8px;box-shadow:0 0 3px #0006;vertical-align:top';
  const images = shots.map((shot) => `<img style="${style}" src="data:image/png;base64,${shot}">`);
  await page.setContent(
    `<body style="margin:0;text-align:center;background:#dfe5e3;font-size:0">${images.join('')}`,
  );
  await page.screenshot({ path });
  await page.close();
}
