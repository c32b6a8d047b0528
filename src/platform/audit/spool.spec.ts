import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Commit } from './audit-store.js';
import { Spool } from './spool.js';

const directory = mkdtempSync(join(tmpdir(), 'surehand-spool-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function anOutcome(id: string): Commit {
  return {
    entry: {
      ...{ id, kind: 'outcome', at: '2026-01-02T03:04:05.678Z', replica: 'replica-1', evidence: 'observed' },
      ...{
        operationId: 'o',
        operation: 'handoff.update',
        resource: 'HO-1',
        outcome: 'applied',
        problem: null,
      },
      ...{ requestId: null, principal: null, address: null },
      ...{ upstreamStatus: 200, upstreamRequestId: null, durationMs: 1 },
    },
  };
}

describe('a spool', () => {
  it('gives back what was put into it, oldest first, also past files that are damaged', async () => {
    const errors: unknown[] = [];
    Logger.overrideLogger({
      log: () => undefined,
      warn: () => undefined,
      error: (told) => errors.push(told),
    });
    const earlier = await Spool.open(directory);
    await earlier.put(anOutcome('3'));
    await earlier.put(anOutcome('1'));
    for (const [name, content] of [
      ['0.json', ''],
      ['2.json', '{}'],
      ['4.json', JSON.stringify(anOutcome('5'))],
      ['6.json.part', '{'],
    ] as const)
      writeFileSync(join(directory, 'spool', name), content);

    const spool = await Spool.open(directory);
    expect(await spool.all()).toEqual([anOutcome('1'), anOutcome('3')]);
    // So that it is not forgotten what is left.
    expect(spool.size).toBe(5);
    expect(errors).toEqual(
      ['0', '2', '4'].map(
        (id) => expect.objectContaining({ path: join(directory, 'spool', `${id}.json`) }) as unknown,
      ),
    );
    await spool.remove(anOutcome('1'));
    expect(await spool.all()).toEqual([anOutcome('3')]);
  });
});
