import { setTimeout as sleep } from 'node:timers/promises';
import { Bulkhead } from './bulkhead.js';

/** What has become of those who wanted in, in order: `undefined` while they wait. */
function entering(bulkhead: Bulkhead, count: number): (boolean | undefined)[] {
  const ends: (boolean | undefined)[] = Array.from({ length: count });
  ends.forEach((_end, index) => void bulkhead.enter().then((entered) => (ends[index] = entered)));
  return ends;
}

/** After everything that needs no time. */
const settled = (): Promise<unknown> => sleep(0);

describe('a bulkhead', () => {
  it('lets in as many as it has places, half as many wait, and the others go away at once', async () => {
    const ends = entering(new Bulkhead(4), 8);
    await settled();
    expect(ends).toEqual([true, true, true, true, undefined, undefined, false, false]);
  });

  it('hands a place over to whoever waits longest', async () => {
    const bulkhead = new Bulkhead(4);
    const ends = entering(bulkhead, 6);
    bulkhead.leave();
    await settled();
    expect(ends.slice(4)).toEqual([true, undefined]);
  });

  it('lets nobody wait for more than a moment, and gives no place to who has gone', async () => {
    const bulkhead = new Bulkhead(2);
    const ends = entering(bulkhead, 3);
    await sleep(10);
    expect(ends[2]).toBeUndefined();
    await sleep(50);
    expect(ends[2]).toBe(false);
    bulkhead.leave();
    const later = entering(bulkhead, 2);
    await settled();
    expect(later).toEqual([true, undefined]);
  });

  it('lets 16 wait at most, and none at a single place', async () => {
    const many = entering(new Bulkhead(256), 256 + 17);
    const one = entering(new Bulkhead(1), 2);
    await settled();
    expect(many.filter((end) => end === undefined)).toHaveLength(16);
    expect(one).toEqual([true, false]);
  });

  it('has all its places again once everybody has left', async () => {
    const bulkhead = new Bulkhead(2);
    entering(bulkhead, 3);
    await settled();
    for (let left = 0; left < 3; left++) bulkhead.leave();
    const ends = entering(bulkhead, 3);
    await settled();
    expect(ends).toEqual([true, true, undefined]);
  });
});
