import { Controller, Get, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Context, type RequestContext } from '../http/request-context.js';
import { Asked } from '../http/query.js';
import { RequireScopes } from '../http/route-facts.js';
import { Answers, Streams } from '../openapi/answers.js';
import { CheckpointsQuery, ExportQuery, RecordsQuery } from './dto/audit-query.dto.js';
import { AuditRecords } from './dto/audit-record.dto.js';
import { CHECKPOINTS, EXPORT, QUERY_PROBLEMS, RECORDS } from './audit.examples.js';
import { AuditReader } from './audit-reader.js';

/** The audit trail, for those who examine it. Reading it is itself recorded. */
@ApiTags('Audit trail')
@Controller('audit')
export class AuditController {
  constructor(private readonly reader: AuditReader) {}

  /**
   * Find records
   * @remarks In the order of the chain. A sensitive value is looked up by what it is, although the trail only
   * holds a keyed digest of it.
   */
  @Get('records')
  @RequireScopes('audit:read')
  @Answers({
    status: 200,
    type: AuditRecords,
    description: 'A page of records.',
    example: RECORDS,
    problems: QUERY_PROBLEMS,
  })
  records(@Asked() query: RecordsQuery, @Context() context: RequestContext): Promise<AuditRecords> {
    return this.reader.records(query, context);
  }

  /**
   * List the checkpoints
   * @remarks Signed statements of where the chain stood, in its order. Their signatures are checked with the
   * public key that `keyId` names.
   */
  @Get('checkpoints')
  @RequireScopes('audit:read')
  @Answers({
    status: 200,
    type: AuditRecords,
    description: 'A page of checkpoints.',
    example: CHECKPOINTS,
    problems: QUERY_PROBLEMS,
  })
  checkpoints(@Asked() query: CheckpointsQuery, @Context() context: RequestContext): Promise<AuditRecords> {
    return this.reader.checkpoints(query, context);
  }

  /**
   * Export the trail
   * @remarks One record a line, complete and in the order of the chain, of any size. It ends when it has caught
   * up with the trail. A reply that breaks off is not complete: go on with `after`, the last `seq` received.
   */
  @Get('export')
  @RequireScopes('audit:read')
  @Streams({
    status: 200,
    mediaType: 'application/x-ndjson',
    description: 'The records, one JSON object a line, each as in a page of records.',
    example: EXPORT,
    problems: QUERY_PROBLEMS,
  })
  async export(@Asked() query: ExportQuery, @Context() context: RequestContext): Promise<StreamableFile> {
    return new StreamableFile(await this.reader.export(query, context), {
      type: 'application/x-ndjson; charset=utf-8',
    });
  }
}
