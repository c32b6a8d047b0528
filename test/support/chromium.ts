import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { describeWith, installed } from './installed.js';
import { allHeld, holdAgainstRulesLater } from './set-cookie-rules.js';

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

/** Tests that need a browser. Whatever cookie a gateway sets in it, it is held against the rules. */
export function describeInChromium(name: string, tests: (launch: () => Promise<Browser>) => void): void {
  describeWith('Chromium', EXECUTABLE, `${name} in Chromium`, (executablePath) => {
    tests(async () => watched(await chromium.launch({ executablePath, args: QUIET })));
  });
}

/** Looks at every reply that any page of a browser gets. */
function watched(browser: Browser): Browser {
  browser.on('context', watch);
  finishBeforeClose(browser);
  return browser;
}

function watch(context: BrowserContext): void {
  context.on('response', (response) => {
    const lines = response.headersArray().then((headers) =>
      // Chromium tells several as one, a line each.
      headers.flatMap(({ name, value }) => (name.toLowerCase() === 'set-cookie' ? value.split('\n') : [])),
    );
    holdAgainstRulesLater(response.url(), lines);
  });
  context.on('page', finishBeforeClose);
  finishBeforeClose(context);
}

interface Closing {
  close(options?: { readonly reason?: string }): Promise<void>;
}

/** Nobody can ask for the headers of a reply once its page, context or browser is closed. */
function finishBeforeClose(closing: Closing): void {
  const close = closing.close.bind(closing);
  closing.close = async (options) => {
    await allHeld();
    await close(options);
  };
}
