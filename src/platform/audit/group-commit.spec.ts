import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { AuditStore, Commit } from './audit-store.js';
import { GroupCommit } from './group-commit.js';

/** What the store is given, batch by batch; each is durable when the test says so. */
class Held {
  readonly batches: number[] = [];
  private release: (() => void) | undefined;

  readonly commit: AuditStore['commit'] = (commits) => {
    this.batches.push(commits.length);
    return new Promise((resolve) => {
      this.release = () => {
        resolve({ settlements: [], checkpoint: null });
      };
    });
  };

  async takeOne(): Promise<void> {
    this.release?.();
    await turnOfTheLoop();
    await turnOfTheLoop();
  }
}

describe('entries that are appended', () => {
  const some = {} as Commit;

  it('in one turn of the event loop, by however many callbacks, share a batch', async () => {
    const store = new Held();
    const commits = new GroupCommit(store as unknown as AuditStore, () => undefined);
    const append = async (): Promise<void> => {
      await Promise.resolve();
      void commits.append(some);
    };
    await Promise.all([append(), append(), append()]);
    process.nextTick(() => void commits.append(some));
    await turnOfTheLoop();
    await turnOfTheLoop();
    expect(store.batches).toEqual([4]);
  });

  it('while a batch is made durable share the next one', async () => {
    const store = new Held();
    const commits = new GroupCommit(store as unknown as AuditStore, () => undefined);
    void commits.append(some);
    await turnOfTheLoop();
    await turnOfTheLoop();
    for (let more = 0; more < 300; more++) void commits.append(some);
    await store.takeOne();
    await store.takeOne();
    await store.takeOne();
    await commits.drained();
    expect(store.batches).toEqual([1, 256, 44]);
  });
});
