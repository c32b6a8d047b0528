import { Body, Controller, Get, Param, Post, Put, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Context, type RequestContext } from '../../platform/http/request-context.js';
import { AuditedOperation, RequireScopes } from '../../platform/http/route-facts.js';
import { Answers } from '../../platform/openapi/answers.js';
import { TakesBody } from '../../platform/openapi/takes-body.js';
import { TakesIdempotencyKey } from '../../platform/openapi/takes-header.js';
import { ExternalHandoffModel } from './dto/external-handoff.dto.js';
import { ExternalHandoffStatusModel } from './dto/external-handoff-status.dto.js';
import { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { HandoffRefPipe } from './handoff-ref.js';
import {
  CREATED,
  CREATE_PROBLEMS,
  DETAILS,
  HANDOFFS,
  LOCATION,
  READ_PROBLEMS,
  STATUSES,
  STATUS_UPDATES,
  TakesReference,
  UPDATED,
  UPDATE_PROBLEMS,
} from './handoff.examples.js';
import { HandoffService } from './handoff.service.js';
import { HANDOFF_PATH } from './lending-system.js';

/** Handoffs from corporate lending to back-office systems. */
@ApiTags('Handoff')
@Controller(HANDOFF_PATH)
export class HandoffController {
  constructor(private readonly handoffs: HandoffService) {}

  /**
   * Get all details for a handoff reference
   * @remarks What `data` looks like is the lending system's own: one record or several.
   */
  @Get(':handoffRefNo')
  @RequireScopes('handoff:read')
  @AuditedOperation('handoff.read', 'handoffRefNo')
  @TakesReference()
  @Answers({
    status: 200,
    type: ResponseDtoWrapper,
    description: 'The handoff as the lending system shows it.',
    example: DETAILS,
    problems: READ_PROBLEMS,
  })
  details(
    @Param('handoffRefNo', HandoffRefPipe) handoffRefNo: string,
    @Context() context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    return this.handoffs.details(handoffRefNo, context);
  }

  /**
   * Get all statuses for a handoff reference
   * @remarks What `data` looks like is the lending system's own: usually a list.
   */
  @Get(':handoffRefNo/handoffstatus')
  @RequireScopes('handoff:read')
  @AuditedOperation('handoff.read-statuses', 'handoffRefNo')
  @TakesReference()
  @Answers({
    status: 200,
    type: ResponseDtoWrapper,
    description: 'Every status that the handoff was given.',
    example: STATUSES,
    problems: READ_PROBLEMS,
  })
  statuses(
    @Param('handoffRefNo', HandoffRefPipe) handoffRefNo: string,
    @Context() context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    return this.handoffs.statuses(handoffRefNo, context);
  }

  /**
   * Update an existing ExternalHandoff
   * @remarks Records how a handoff to a back-office system ended. It may move the loan's workflow on: never repeat
   * it while its outcome is `unknown`.
   */
  @Put(':handoffRefNo/updatestatus')
  @RequireScopes('handoff:write')
  @AuditedOperation('handoff.update-status', 'handoffRefNo')
  @TakesReference()
  @TakesIdempotencyKey()
  @TakesBody(ExternalHandoffStatusModel, STATUS_UPDATES)
  @Answers({
    status: 200,
    type: ResponseDtoWrapper,
    description: 'The handoff was updated.',
    example: UPDATED,
    problems: UPDATE_PROBLEMS,
  })
  updateStatus(
    @Param('handoffRefNo', HandoffRefPipe) handoffRefNo: string,
    @Body() update: ExternalHandoffStatusModel,
    @Context() context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    return this.handoffs.updateStatus(handoffRefNo, update, context);
  }

  /**
   * Add a new ExternalHandoff
   * @remarks The lending system has no operation that removes a handoff again: never repeat it while its outcome is
   * `unknown`.
   */
  @Post()
  @RequireScopes('handoff:write')
  @AuditedOperation('handoff.create')
  @TakesIdempotencyKey()
  @TakesBody(ExternalHandoffModel, HANDOFFS)
  @Answers({
    status: 201,
    type: ResponseDtoWrapper,
    description: 'The handoff was added.',
    headers: LOCATION,
    example: CREATED,
    problems: CREATE_PROBLEMS,
  })
  async create(
    @Body() handoff: ExternalHandoffModel,
    @Context() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ResponseDtoWrapper> {
    const created = await this.handoffs.create(handoff, context);
    void reply.header('location', `${HANDOFF_PATH}/${handoff.handoffRefNumber}`);
    return created;
  }
}
