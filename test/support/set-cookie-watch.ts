import { takeFaults, watchReplies } from './set-cookie-rules.js';

/** Runs with every test file: whatever cookie a gateway sets in any test, it is held against the rules. */
const stop = watchReplies();

afterEach(() => {
  const faults = takeFaults();
  if (faults.length > 0)
    throw new Error(`A gateway has set a cookie that it must not:\n${faults.join('\n')}`);
});

afterAll(stop);
