import { RetryBudget } from './retry-budget.js';

describe('a retry budget', () => {
  let now: number;
  let budget: RetryBudget;
  beforeEach(() => {
    now = 1_000_000;
    budget = new RetryBudget(() => now);
  });
  const spent = (tries: number): number =>
    Array.from({ length: tries }, () => budget.spend()).filter(Boolean).length;
  const call = (times: number): void => {
    for (let made = 0; made < times; made++) budget.noteCall();
  };

  it('allows three repetitions to a lonely call', () => {
    call(1);
    expect(spent(10)).toBe(3);
  });

  it('allows a fifth of all that is sent', () => {
    call(100);
    expect(spent(100)).toBe(25);
  });

  it('keeps to it while calls go on', () => {
    let repeated = 0;
    for (let made = 0; made < 1_000; made++) {
      now += 10;
      call(1);
      repeated += spent(2);
    }
    expect(repeated).toBeLessThanOrEqual(250);
    expect(repeated).toBeGreaterThan(200);
  });

  it('forgets after ten seconds', () => {
    call(1);
    expect(spent(10)).toBe(3);
    now += 9_000;
    expect(spent(10)).toBe(0);
    now += 1_000;
    expect(spent(10)).toBe(3);
  });
});
