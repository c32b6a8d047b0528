import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Context, type RequestContext } from '../../platform/http/request-context.js';
import { AuditedOperation, RequireScopes } from '../../platform/http/route-facts.js';
import { Answers, BODY_PROBLEMS, WRITE_PROBLEMS } from '../../platform/openapi/answers.js';
import { ExternalHandoffStatusModel } from './dto/external-handoff-status.dto.js';
import { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { HandoffRefPipe } from './handoff-ref.pipe.js';
import { HandoffService } from './handoff.service.js';

/** Handoffs from corporate lending to back-office systems. */
@ApiTags('Handoff')
@Controller('clmo-handoff-services/service/v1/externalHandoff')
export class HandoffController {
  constructor(private readonly handoffs: HandoffService) {}

  /** Update an existing ExternalHandoff */
  @Put(':handoffRefNo/updatestatus')
  @RequireScopes('handoff:write')
  @AuditedOperation('handoff.update-status', 'handoffRefNo')
  @Answers({
    status: 200,
    type: ResponseDtoWrapper,
    description: 'The handoff was updated.',
    example: {
      data: {},
      messages: {
        status: 'SUCCESS',
        codes: [
          {
            arg: null,
            Code: 'XXX-MOD-001',
            Desc: 'Record Successfully Modified',
            Type: 'I',
            Language: 'ENG',
          },
        ],
        httpStatusCode: 'OK',
        keyId: 'HO123',
        overrideAuthLevelsReqd: null,
        requestId: 'r1',
      },
    },
    problems: [
      ...BODY_PROBLEMS,
      ...WRITE_PROBLEMS,
      { code: 'override-required', facts: { outcome: 'rejected' } },
      { code: 'upstream-credentials-refused', facts: { outcome: 'rejected' } },
    ],
  })
  updateStatus(
    @Param('handoffRefNo', HandoffRefPipe) handoffRefNo: string,
    @Body() update: ExternalHandoffStatusModel,
    @Context() context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    return this.handoffs.updateStatus(handoffRefNo, update, context);
  }
}
