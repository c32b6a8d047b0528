import { Logger } from '@nestjs/common';
import type { OverflowEntry, RefusalEntry } from './audit-record.js';
import type { AuditStore, Commit } from './audit-store.js';
import { Bystanders } from './bystanders.js';
import { GroupCommit } from './group-commit.js';

/** A store that only remembers, or refuses. */
class Taken {
  readonly entries: (RefusalEntry | OverflowEntry)[] = [];
  down = false;

  commit(commits: readonly Commit[]): Promise<unknown> {
    if (this.down) return Promise.reject(new Error('down'));
    this.entries.push(...commits.map(({ entry }) => entry as RefusalEntry | OverflowEntry));
    return Promise.resolve({ settlements: [], checkpoint: null });
  }

  get counts(): OverflowEntry[] {
    return this.entries.filter((entry) => entry.kind === 'overflow');
  }
}

function aRefusal({
  subject,
  address = '10.0.0.1',
}: { subject?: string; address?: string } = {}): RefusalEntry {
  const principal = subject === undefined ? null : { subject, client: null, method: 'bearer' };
  const asked = { method: 'GET', path: '/', operation: null, resource: null, requestId: 'r' };
  const about = { id: 'i', at: '2026-01-01T00:00:00.000Z', replica: 'here', status: 401 };
  return { kind: 'refusal', problem: 'unauthenticated', principal, address, ...asked, ...about };
}

describe('bystanders', () => {
  let taken: Taken;
  let commits: GroupCommit;
  let bystanders: Bystanders;
  beforeAll(() => {
    Logger.overrideLogger(false);
  });
  beforeEach(() => {
    taken = new Taken();
    commits = new GroupCommit(taken as unknown as AuditStore, () => undefined);
    bystanders = new Bystanders(commits);
  });

  async function recordEach(entries: readonly RefusalEntry[]): Promise<void> {
    for (const entry of entries) {
      bystanders.record(entry);
      await commits.drained();
    }
  }

  async function flushed(): Promise<void> {
    bystanders.flush();
    await commits.drained();
    await new Promise(setImmediate);
  }

  it('records 600 strangers of any number of addresses, and counts the rest', async () => {
    await recordEach(
      Array.from({ length: 3_000 }, (_, n) => aRefusal({ address: `10.0.${n >> 8}.${n & 255}` })),
    );
    expect(taken.entries.length).toBe(600);
    await flushed();
    expect(taken.counts.reduce((sum, { count }) => sum + count, 0)).toBe(2_400);
    expect(taken.counts.length).toBeLessThanOrEqual(1_001);
  });

  it('names nobody for what it counts together', async () => {
    await recordEach(
      Array.from({ length: 1_500 }, (_, n) => aRefusal({ address: `10.0.${n >> 8}.${n & 255}` })),
    );
    await flushed();
    const together = taken.counts.find(({ count }) => count > 1);
    expect(together).toMatchObject({ count: 500, principal: null, address: null, what: null });
  });

  it('leaves room for those who are signed in', async () => {
    await recordEach(
      Array.from({ length: 1_500 }, (_, n) => aRefusal({ address: `10.0.${n >> 8}.${n & 255}` })),
    );
    await recordEach(Array.from({ length: 70 }, () => aRefusal({ subject: 'clerk' })));
    expect(taken.entries.filter(({ principal }) => principal?.subject === 'clerk')).toHaveLength(60);
    await flushed();
    expect(taken.counts).toContainEqual(
      expect.objectContaining({
        count: 10,
        what: 'unauthenticated',
        principal: aRefusal({ subject: 'clerk' }).principal,
      }),
    );
  });

  it('counts what the store did not take, and keeps the count until it does', async () => {
    taken.down = true;
    await recordEach([aRefusal(), aRefusal()]);
    await flushed();
    taken.down = false;
    await flushed();
    expect(taken.entries).toMatchObject([{ kind: 'overflow', count: 2, what: 'unauthenticated' }]);
  });
});
