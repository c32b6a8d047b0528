import { RequestBudgets } from './request-budgets.js';

const WINDOW_MS = 60_000;

describe('the budget of a key', () => {
  let now: number;
  beforeEach(() => (now = 1_000_000));

  const budgets = (quota: number, mostKeys?: number): RequestBudgets =>
    new RequestBudgets(quota, WINDOW_MS, mostKeys, () => now);

  it('is used up by as many requests as it has, and not below nothing', () => {
    const three = budgets(3);
    const standings = Array.from({ length: 5 }, () => three.spend('clerk'));
    expect(standings.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0, 0]);
    expect(standings.map(({ exhausted }) => exhausted)).toEqual([false, false, false, true, true]);
  });

  it.each([1, 59_001, 59_999])(
    'is there again once whoever is refused after %i ms waited as told',
    (after) => {
      const one = budgets(1);
      one.spend('clerk');
      now += after;
      const { exhausted, resetSeconds } = one.spend('clerk');
      expect(exhausted).toBe(true);
      // A whole second earlier is too early, or the rounding would tell too much.
      now += (resetSeconds - 1) * 1_000;
      expect(one.spend('clerk').exhausted).toBe(true);
      now += 1_000;
      expect(one.spend('clerk')).toEqual({ exhausted: false, remaining: 0, resetSeconds: 60 });
    },
  );

  it('does not wait longer for having been asked in vain', () => {
    const one = budgets(1);
    for (let spent = 0; spent < 50; spent++) one.spend('clerk');
    now += WINDOW_MS;
    expect(one.spend('clerk').exhausted).toBe(false);
  });

  it('is nobody else’s', () => {
    const one = budgets(1);
    one.spend('clerk');
    expect(one.spend('supervisor').exhausted).toBe(false);
  });
});

describe('a flood of keys', () => {
  it('is remembered up to a bound, the latest ones', () => {
    const budgets = new RequestBudgets(1, WINDOW_MS, 100, () => 0);
    for (let key = 0; key < 5_000; key++) {
      budgets.spend(String(key));
      expect(budgets.size).toBeLessThanOrEqual(100);
    }
    expect(budgets.spend('4999').exhausted).toBe(true);
    expect(budgets.spend('4950').exhausted).toBe(true);
    expect(budgets.spend('4800').exhausted).toBe(false);
  });

  it('is bounded as the gateway runs it', () => {
    const budgets = new RequestBudgets(600);
    for (let key = 0; key < 30_000; key++) budgets.spend(String(key));
    expect(budgets.size).toBe(10_000);
  });
});
