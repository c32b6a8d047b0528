import { takeFaults, watchReplies } from './set-cookie-rules.js';

/** Runs with every test file: whatever cookie a gateway sets in any test, it is held against the rules. */
const stop = watchReplies();

async function expectNoFaults(): Promise<void> {
  const faults = await takeFaults();
  if (faults.length > 0)
    throw new Error(`A gateway has set a cookie that it must not:\n${faults.join('\n')}`);
}

afterEach(expectNoFaults);

afterAll(async () => {
  stop();
  await expectNoFaults();
});
