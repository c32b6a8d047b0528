import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { pageOf, seqAt, type Page } from '../http/page.js';
import type { RequestContext } from '../http/request-context.js';
import { recordAccess } from './access.js';
import { AuditExport } from './audit-export.js';
import type { AuditRecord } from './audit-record.js';
import { AuditStore, type RecordsFilter } from './audit-store.js';
import { AuditTrail } from './audit-trail.js';
import type { CheckpointsQuery, ExportQuery, RecordsQuery } from './dto/audit-query.dto.js';
import { found } from './readable-store.js';
import { Redaction, type Redacted } from './redaction.js';

const JSON_SCALAR = /^(true|false|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)$/;

/** Reads the trail, and records that it was read. */
@Injectable()
export class AuditReader {
  constructor(
    private readonly store: AuditStore,
    private readonly trail: AuditTrail,
    private readonly redaction: Redaction,
    private readonly exports: AuditExport,
  ) {}

  async records(query: RecordsQuery, context: RequestContext): Promise<Page<AuditRecord>> {
    const { cursor, limit, principal, sensitive, ...equal } = query;
    const redacted = sensitive === undefined ? undefined : this.redacted(sensitive);
    const page = await this.page(cursor, limit, {
      ...equal,
      ...(principal !== undefined && { subject: principal }),
      ...(redacted !== undefined && { hmacs: redacted.map(({ hmac }) => hmac) }),
    });
    // What was looked for is as sensitive here as where it was found.
    const asked: object = {
      cursor,
      limit,
      principal,
      ...equal,
      ...(redacted !== undefined && { sensitive: redacted }),
    };
    recordAccess(this.trail, context, 'audit.records', { query: asked });
    return page;
  }

  async checkpoints(query: CheckpointsQuery, context: RequestContext): Promise<Page<AuditRecord>> {
    const page = await this.page(query.cursor, query.limit, { kind: 'checkpoint' });
    recordAccess(this.trail, context, 'audit.checkpoints', { query });
    return page;
  }

  async export(query: ExportQuery, context: RequestContext): Promise<Readable> {
    const stream = await this.exports.open(query);
    recordAccess(this.trail, context, 'audit.export', { query });
    return stream;
  }

  private async page(
    cursor: string | undefined,
    limit: number,
    filter: Omit<RecordsFilter, 'after' | 'limit'>,
  ): Promise<Page<AuditRecord>> {
    const after = cursor === undefined ? undefined : seqAt(cursor);
    const records = await found(
      this.store.records({ ...filter, ...(after !== undefined && { after }), limit: limit + 1 }),
    );
    return pageOf(records, limit, (record) => record);
  }

  /** A query is a text: the value may have been the text, or the number or boolean that it reads as. */
  private redacted(value: string): Redacted[] {
    const values = JSON_SCALAR.test(value) ? [value, JSON.parse(value) as unknown] : [value];
    return values.flatMap((each) => this.redaction.all(each));
  }
}
