import { chromium, type Browser } from 'playwright-core';
import { describeWith, installed } from './installed.js';

const EXECUTABLE = installed('CHROMIUM_PATH', [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]);
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

/** Tests that need a browser. */
export function describeInChromium(name: string, tests: (launch: () => Promise<Browser>) => void): void {
  describeWith('Chromium', EXECUTABLE, `${name} in Chromium`, (executablePath) => {
    tests(() => chromium.launch({ executablePath, args: QUIET }));
  });
}
