// Draws docs/dashboard.png: the panels of deploy/grafana/surehand.json, with what a real Prometheus has scraped of
// the sandbox's gateway. Needs Prometheus and Chromium.
//   npm run docs:dashboard -- [seconds of traffic, 240]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { freePort, installed, startPrometheus, startSandbox } from './dashboard-picture/processes.mjs';
import { seriesOf } from './dashboard-picture/series.mjs';
import { play } from './dashboard-picture/traffic.mjs';

const WARM_UP_SECONDS = 20;
const PICTURE = 'docs/dashboard.png';
const seconds = Number(process.argv[2] ?? 240);
if (!(seconds >= 20)) throw new Error('Give the seconds of traffic, 20 or more.');

const dashboard = JSON.parse(readFileSync('deploy/grafana/surehand.json', 'utf8'));
const directory = mkdtempSync(join(tmpdir(), 'surehand-dashboard-'));
const running = [];
try {
  const metricsPort = await freePort();
  const sandbox = await startSandbox(join(directory, 'sandbox'), metricsPort);
  running.push(sandbox);
  const prometheus = await startPrometheus(join(directory, 'prometheus'), metricsPort);
  running.push(prometheus);
  // What the first rates need to look back on.
  const start = Math.ceil(Date.now() / 1_000) + WARM_UP_SECONDS;
  console.log(`Plays ${seconds} s of traffic.`);
  await play(sandbox, WARM_UP_SECONDS + seconds);
  const end = Math.floor(Date.now() / 1_000);
  await draw(dashboard, await seriesOf(prometheus.url, dashboard, { start, end }));
  console.log(PICTURE);
} finally {
  for (const { stop } of running.reverse()) await stop();
  rmSync(directory, { recursive: true, force: true });
}

async function draw(board, data) {
  const browser = await chromium.launch({
    executablePath: installed('CHROMIUM_PATH', [
      '/usr/bin/chromium',
      '/usr/bin/chromium-browser',
      '/usr/bin/google-chrome',
    ]),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
    await page.setContent('<!doctype html><html lang="en"><body></body></html>');
    for (const path of ['node_modules/uplot/dist/uPlot.min.css', 'scripts/dashboard-picture/page.css'])
      await page.addStyleTag({ path });
    for (const path of ['node_modules/uplot/dist/uPlot.iife.min.js', 'scripts/dashboard-picture/page.mjs'])
      await page.addScriptTag({ path });
    await page.evaluate(([one, other]) => globalThis.drawDashboard(one, other), [board, data]);
    await page.screenshot({ path: PICTURE, fullPage: true });
  } finally {
    await browser.close();
  }
}
