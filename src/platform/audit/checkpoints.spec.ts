import { isDue } from './checkpoints.js';

const head = { seq: 12, hash: 'h' };

it.each([
  ['nothing but the last one', 11, 0, 70_000, false],
  ['a record, a moment after it', 10, 0, 59_999, false],
  ['a record, a minute after it', 10, 0, 60_000, true],
  ['a record, although the last one is in the future', 10, 70_000, 60_000, true],
  ['a thousand, a moment after it', -988, 0, 1, true],
])('a checkpoint may be due after %s', (_what, seq, at, now, due) => {
  expect(isDue(head, { seq, at }, now)).toBe(due);
});
