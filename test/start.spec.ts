import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AS_DEPLOYED } from './support/deployment.js';
import { Landscape } from './support/landscape.js';

/** Tells of every file that is loaded, once a thread. */
const TELL_FILES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => {
    if (url.startsWith('file:')) console.error(JSON.stringify({ message: 'Loaded', url }));
    return next(url, context);
  } });`)}`;

const BUNDLE = join(import.meta.dirname, '../dist/bundle');

/** It holds 120 to 130, by machine; 156 and more without what `platform/memory` gives back. */
const IDLE_MEGABYTES = 140;

let loaded: readonly string[];

beforeAll(async () => {
  const landscape = await Landscape.start({ NODE_OPTIONS: `--import=${TELL_FILES}` });
  await landscape.gateway.untilReady();
  loaded = landscape.gateway.log.flatMap(
    (line) => /"message":"Loaded","url":"([^"]+)"/.exec(line)?.slice(1) ?? [],
  );
  await landscape.end();
});

it('the bundle brings the licence of each package that is in it', () => {
  const licences = readFileSync(join(BUNDLE, 'LICENCES.txt'), 'utf8');
  const bundled = readdirSync(BUNDLE)
    .filter((name) => name.endsWith('.js'))
    .flatMap((name) => [
      ...readFileSync(join(BUNDLE, name), 'utf8').matchAll(/^\/\/ node_modules\/((?:@[^/]+\/)?[^/]+)/gm),
    ])
    .map(([, name = '']) => name);
  expect(bundled.length).toBeGreaterThan(100);
  for (const name of new Set(bundled)) expect(licences).toContain(`== ${name} `);
  expect(licences.match(/permission is hereby granted|apache license/gi)?.length).toBeGreaterThan(50);
});

it('what the bundle holds is ASCII: V8 keeps a text with one character beyond it in twice the memory', () => {
  const beyond = readdirSync(BUNDLE).filter(
    (name) => name.endsWith('.js') && /[^\0-\x7f]/.test(readFileSync(join(BUNDLE, name), 'utf8')),
  );
  expect(beyond).toEqual([]);
});

describe('a start on SQLite', () => {
  it(`leaves less than ${IDLE_MEGABYTES} MB in use`, async () => {
    // Code from a cache takes memory of its own.
    const landscape = await Landscape.start({ ...AS_DEPLOYED, NODE_DISABLE_COMPILE_CACHE: '1' });
    try {
      await landscape.gateway.untilReady();
      // The reconciler has had its first round.
      await sleep(1_500);
      const status = readFileSync(`/proc/${landscape.gateway.pid}/status`, 'utf8');
      const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
      expect(kilobytes / 1_024).toBeLessThan(IDLE_MEGABYTES);
    } finally {
      await landscape.end();
    }
  });

  it('loads few files: npm run build puts our own and most packages together', () => {
    expect(loaded.length).toBeGreaterThan(30);
    expect(loaded.length).toBeLessThan(250);
  });

  it('loads no package by itself that is not listed here', () => {
    const packages = loaded.flatMap(
      (url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.slice(1) ?? [],
    );
    expect([...new Set(packages)].sort()).toEqual([
      // Of tracing, what prom-client brings. None of it is in use.
      '@opentelemetry/api',
      '@pinojs/redact',
      'atomic-sleep',
      'better-sqlite3',
      // These two only where development packages are installed.
      'has-flag',
      'jsonc-parser',
      'on-exit-leak-free',
      'pino',
      'pino-std-serializers',
      'quick-format-unescaped',
      'reflect-metadata',
      'safe-stable-stringify',
      'sonic-boom',
      'supports-color',
      'thread-stream',
    ]);
  });

  it('loads nothing that only PostgreSQL or tracing needs', () => {
    const apart = ['postgres.js', 'packages~postgres.js', 'open-telemetry.js'];
    expect(readdirSync(BUNDLE)).toEqual(expect.arrayContaining(apart));
    expect(loaded.filter((url) => apart.includes(basename(url)))).toEqual([]);
  });
});
