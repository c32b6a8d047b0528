import { Readable } from 'node:stream';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { AuditStore, type RecordLines, type RecordsFilter } from './audit-store.js';
import { found } from './readable-store.js';

/** Records that are read at a time, and all that an export holds in memory. */
const PAGE = 500;

export type ExportFilter = Pick<RecordsFilter, 'from' | 'until' | 'after'>;

/**
 * Streams the trail as NDJSON, in the order of the chain, as fast as the client takes it. It ends when it has
 * caught up with the trail; a client that goes away ends it too.
 */
@Injectable()
export class AuditExport implements BeforeApplicationShutdown {
  private readonly running = new Set<Readable>();

  constructor(private readonly store: AuditStore) {}

  /** Opens a stream. Rejects with `audit-unavailable` if not even its first page can be read. */
  async open(filter: ExportFilter): Promise<Readable> {
    const first = await this.page(filter, filter.after);
    const stream = Readable.from(this.pages(filter, first), { objectMode: false });
    this.running.add(stream);
    stream.once('close', () => this.running.delete(stream));
    return stream;
  }

  /** Breaks off what still runs, visibly: an export that merely ended would look complete. */
  beforeApplicationShutdown(): void {
    for (const stream of this.running) stream.destroy(new Error('the gateway stops'));
  }

  private async *pages(filter: ExportFilter, first: RecordLines): AsyncGenerator<string> {
    let page = first;
    yield page.text;
    while (page.last !== null) {
      page = await this.page(filter, page.last);
      yield page.text;
    }
  }

  private page(filter: ExportFilter, after: number | undefined): Promise<RecordLines> {
    return found(this.store.lines({ ...filter, ...(after !== undefined && { after }), limit: PAGE }));
  }
}
