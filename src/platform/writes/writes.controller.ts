import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Asked } from '../http/query.js';
import { Context, type RequestContext } from '../http/request-context.js';
import { AuditedOperation, RequireScopes, SignedIn } from '../http/route-facts.js';
import { Answers } from '../openapi/answers.js';
import { TakesBody } from '../openapi/takes-body.js';
import { Resolution } from './dto/resolution.dto.js';
import { Write, WriteStory, Writes } from './dto/write.dto.js';
import { WritesQuery } from './dto/writes-query.dto.js';
import { OPERATION_ID, OperationIdPipe } from './operation-id.js';
import { WriteLedger } from './write-ledger.js';
import {
  LIST_PROBLEMS,
  RESOLUTIONS,
  RESOLUTION_PROBLEMS,
  RESOLVED,
  STORY_PROBLEMS,
  WRITES,
  WRITE_STORY,
} from './writes.examples.js';

/** What became of every write. Reading it is itself recorded. */
@ApiTags('Writes')
@Controller('writes')
export class WritesController {
  constructor(private readonly ledger: WriteLedger) {}

  /**
   * Find writes
   * @remarks Newest first. Without the scope `writes:read` these are the caller's own writes.
   */
  @Get()
  @SignedIn()
  @Answers({
    status: 200,
    type: Writes,
    description: 'A page of writes.',
    example: WRITES,
    problems: LIST_PROBLEMS,
  })
  list(@Asked() query: WritesQuery, @Context() context: RequestContext): Promise<Writes> {
    return this.ledger.list(query, context);
  }

  /**
   * Tell the story of a write
   * @remarks The write as it stands now, and everything that was recorded of it, in order. Without the scope
   * `writes:read` there are only the caller's own writes.
   */
  @Get(':operationId')
  @SignedIn()
  @ApiParam(OPERATION_ID)
  @Answers({
    status: 200,
    type: WriteStory,
    description: 'The write and its records.',
    example: WRITE_STORY,
    problems: STORY_PROBLEMS,
  })
  story(
    @Param('operationId', OperationIdPipe) operationId: string,
    @Context() context: RequestContext,
  ): Promise<WriteStory> {
    return this.ledger.story(operationId, context);
  }

  /**
   * Resolve an undecided write
   * @remarks Records what a person found out about a write that is `unknown`, or whose gateway died, and closes
   * it. Nobody resolves a write of their own.
   */
  @Post(':operationId/resolution')
  @HttpCode(200)
  @RequireScopes('writes:resolve')
  @AuditedOperation('write.resolve', 'operationId')
  @ApiParam(OPERATION_ID)
  @TakesBody(Resolution, RESOLUTIONS)
  @Answers({
    status: 200,
    type: Write,
    description: 'The write as it stands now.',
    example: RESOLVED,
    problems: RESOLUTION_PROBLEMS,
  })
  resolve(
    @Param('operationId', OperationIdPipe) operationId: string,
    @Body() resolution: Resolution,
    @Context() context: RequestContext,
  ): Promise<Write> {
    return this.ledger.resolve(operationId, resolution, context);
  }
}
