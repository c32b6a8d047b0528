import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const EXECUTABLE = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => existsSync(path));
/** Run as root without a sandbox of its own, and let it call nobody by itself. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Tests that need a browser: left out where there is none, except in CI. */
export function describeInChromium(name: string, tests: (launch: () => Promise<Browser>) => void): void {
  if (EXECUTABLE === undefined) {
    const missing = process.env['CI'] === 'true' ? it : it.skip;
    missing(`${name} in Chromium: none is installed, nor named by CHROMIUM_PATH`, () => {
      throw new Error('CI needs a Chromium.');
    });
    return;
  }
  describe(`${name} in Chromium`, () => {
    tests(() => chromium.launch({ executablePath: EXECUTABLE, args: QUIET }));
  });
}
