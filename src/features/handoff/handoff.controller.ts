import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Context, type RequestContext } from '../../platform/http/request-context.js';
import { AuditedOperation, RequireScopes } from '../../platform/http/route-facts.js';
import { Answers } from '../../platform/openapi/answers.js';
import { BODY_PROBLEMS } from '../../platform/openapi/documented-problems.js';
import { TakesBody } from '../../platform/openapi/takes-body.js';
import { ExternalHandoffStatusModel } from './dto/external-handoff-status.dto.js';
import { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { HANDOFF_REF_CHARACTERS, HandoffRefPipe } from './handoff-ref.pipe.js';
import { REFERENCE, STATUS_UPDATES, UPDATED, UPDATE_PROBLEMS } from './handoff.examples.js';
import { HandoffService } from './handoff.service.js';

/** Handoffs from corporate lending to back-office systems. */
@ApiTags('Handoff')
@Controller('clmo-handoff-services/service/v1/externalHandoff')
export class HandoffController {
  constructor(private readonly handoffs: HandoffService) {}

  /**
   * Update an existing ExternalHandoff
   * @remarks Records how a handoff to a back-office system ended. It may move the loan's workflow on: never repeat
   * it while its outcome is `unknown`.
   */
  @Put(':handoffRefNo/updatestatus')
  @RequireScopes('handoff:write')
  @AuditedOperation('handoff.update-status', 'handoffRefNo')
  @ApiParam({
    name: 'handoffRefNo',
    description:
      'The handoff reference number. Letters, digits, `_` and `-`, at most 64, unless the operator has set another pattern.',
    schema: { type: 'string', pattern: HANDOFF_REF_CHARACTERS, example: REFERENCE },
  })
  @TakesBody(ExternalHandoffStatusModel, STATUS_UPDATES)
  @Answers({
    status: 200,
    type: ResponseDtoWrapper,
    description: 'The handoff was updated.',
    example: UPDATED,
    problems: [...BODY_PROBLEMS, ...UPDATE_PROBLEMS],
  })
  updateStatus(
    @Param('handoffRefNo', HandoffRefPipe) handoffRefNo: string,
    @Body() update: ExternalHandoffStatusModel,
    @Context() context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    return this.handoffs.updateStatus(handoffRefNo, update, context);
  }
}
