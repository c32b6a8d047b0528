import { Landscape } from './support/landscape.js';

/** Tells of every file that is loaded, once a thread. */
const TELL_FILES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => {
    if (url.startsWith('file:')) console.error(JSON.stringify({ message: 'Loaded', url }));
    return next(url, context);
  } });`)}`;

let loaded: readonly string[];

beforeAll(async () => {
  const landscape = await Landscape.start({ NODE_OPTIONS: `--import=${TELL_FILES}` });
  await landscape.gateway.untilReady();
  loaded = landscape.gateway.log.flatMap(
    (line) => /"message":"Loaded","url":"([^"]+)"/.exec(line)?.slice(1) ?? [],
  );
  await landscape.end();
});

describe('a start on SQLite', () => {
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
      'jsonc-parser',
      'on-exit-leak-free',
      'pino',
      'pino-std-serializers',
      'quick-format-unescaped',
      'reflect-metadata',
      'safe-stable-stringify',
      'sonic-boom',
      'thread-stream',
    ]);
  });

  it('loads nothing that only PostgreSQL or tracing needs', () => {
    expect(loaded.filter((url) => /\/(postgres|open-telemetry)\.js$/.test(url))).toEqual([]);
  });
});
