import { createHash } from 'node:crypto';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';

/** Puts finished writes, two records each, into the empty trail of a gateway that does not run, chained as it would. */
export function fillTrail(dataDir: string, writes: number): void {
  const database = new SQLite(join(dataDir, 'surehand.db'));
  const record = database.prepare('insert into audit_records values (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const write = database.prepare(
    "insert into writes values (?, ?, 'deferred-action.modify', ?, ?, 'app', ?, null, ?, 0, 'applied', 'observed', null, 200, ?, 0)",
  );
  let head = '0'.repeat(64);
  const append = (seq: number, kind: string, about: Record<string, string>): void => {
    const { at = '', operationId = '', requestId = '', subject = '' } = about;
    const text = JSON.stringify({
      ...about,
      address: '10.1.2.3',
      id: `id-${seq}`,
      kind,
      previousHash: head,
      seq,
    });
    head = createHash('sha256').update(text).digest('hex');
    record.run(seq, `id-${seq}`, kind, at, operationId, requestId, subject, text, head);
  };
  database.pragma('synchronous = OFF');
  database.transaction(() => {
    for (let number = 0; number < writes; number++) {
      const at = new Date(1_700_000_000_000 + number * 1_000).toISOString();
      const operationId = `00000000-0000-7000-8000-${String(number).padStart(12, '0')}`;
      const about = {
        at,
        operationId,
        requestId: `r-${number}`,
        subject: `user-${number % 100}`,
        resource: `0.0.0.1+-schedule+${number}`,
      };
      append(2 * number + 1, 'intent', { ...about, payload: 'x'.repeat(200) });
      append(2 * number + 2, 'outcome', { ...about, outcome: 'applied' });
      write.run(operationId, 2 * number + 1, about.resource, about.subject, about.requestId, at, at);
    }
    database.prepare('update chain_head set seq = ?, hash = ?').run(2 * writes, head);
  })();
  database.close();
}
