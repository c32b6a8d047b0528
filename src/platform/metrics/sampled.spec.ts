import { setTimeout as sleep } from 'node:timers/promises';
import { Sampled } from './sampled.js';

const SHORT_MS = 40;
const LONG_MS = 60_000;

describe('a sampled figure', () => {
  it('is asked for once, however many want to know it at the same time and soon after', async () => {
    let asked = 0;
    const sampled = new Sampled(() => Promise.resolve(++asked), LONG_MS, LONG_MS);
    const all = await Promise.all([sampled.current(), sampled.current()]);
    expect([...all, await sampled.current()]).toEqual(Array(3).fill({ value: 1, fresh: true }));
  });

  it('is asked for again after a while', async () => {
    let asked = 0;
    const sampled = new Sampled(() => Promise.resolve(++asked), SHORT_MS, LONG_MS);
    await sampled.current();
    await sleep(2 * SHORT_MS);
    expect(await sampled.current()).toEqual({ value: 2, fresh: true });
  });

  it('is waited for no longer than patience goes, and known once it is there; nobody asks meanwhile', async () => {
    let asked = 0;
    let answer: (value: number) => void = () => undefined;
    const sampled = new Sampled(
      () => new Promise<number>((resolve) => (answer = resolve)).finally(() => asked++),
      0,
      SHORT_MS,
    );
    const begun = performance.now();
    expect(await sampled.current()).toEqual({ value: undefined, fresh: false });
    expect(await sampled.current()).toEqual({ value: undefined, fresh: false });
    const took = performance.now() - begun;
    expect(took).toBeGreaterThan(1.5 * SHORT_MS);
    expect(took).toBeLessThan(20 * SHORT_MS);
    const waiting = sampled.current();
    answer(7);
    expect(await waiting).toEqual({ value: 7, fresh: true });
    expect(asked).toBe(1);
  });

  it('keeps its last value while it cannot be had, and says that it is old', async () => {
    let fails = false;
    const ask = (): Promise<number> => (fails ? Promise.reject(new Error('gone')) : Promise.resolve(3));
    const sampled = new Sampled(ask, 0, LONG_MS);
    await sampled.current();
    fails = true;
    expect(await sampled.current()).toEqual({ value: 3, fresh: false });
    fails = false;
    expect(await sampled.current()).toEqual({ value: 3, fresh: true });
  });
});
