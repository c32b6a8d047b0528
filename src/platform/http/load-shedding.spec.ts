import { LoadShedding } from './load-shedding.js';

/** A watched event loop whose ticks come so many ms late, one after the other. */
function after(...lateness: readonly number[]): LoadShedding {
  let now = 0;
  const shedding = new LoadShedding(() => now);
  for (const late of lateness) {
    now += 20 + late;
    shedding.tick();
  }
  return shedding;
}

describe('an event loop', () => {
  it.each([
    ['that is on time', [0, 5, 10, 0, 3, 8]],
    ['that stood still once', [0, 2_000, 5]],
    ['that is late now and then', [150, 150, 150, 150, 50, 150, 150, 150, 150]],
    ['that is a little late all the time', [100, 100, 100, 100, 100, 100]],
    ['that caught up', [150, 150, 150, 150, 150, 150, 20]],
  ])('%s is no reason to refuse anybody', (_what, lateness) => {
    expect(() => {
      after(...lateness).check();
    }).not.toThrow();
  });

  it('that is late five times in a row is', () => {
    const shedding = after(0, 150, 101, 300, 120, 150);
    expect(() => {
      shedding.check();
    }).toThrow('The gateway cannot keep up with its requests just now.');
  });
});
