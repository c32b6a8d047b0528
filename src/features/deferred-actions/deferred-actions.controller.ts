import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Context, type RequestContext } from '../../platform/http/request-context.js';
import { AuditedOperation, RequireScopes } from '../../platform/http/route-facts.js';
import { Answers, BODY_PROBLEMS, WRITE_PROBLEMS } from '../../platform/openapi/answers.js';
import { DeferredActionIdPipe } from './deferred-action-id.js';
import { DeferredActionsService } from './deferred-actions.service.js';
import { DeferredAction } from './dto/deferred-action.dto.js';

/** Deferred actions in billing. */
@ApiTags('Deferred actions')
@Controller('bcws/webresources/v1.0/deferredactions')
export class DeferredActionsController {
  constructor(private readonly deferredActions: DeferredActionsService) {}

  /** Modify a deferred action */
  @Put(':id')
  @RequireScopes('deferred-actions:write')
  @AuditedOperation('deferred-action.modify', 'id')
  @Answers({
    status: 200,
    type: DeferredAction,
    description: 'The deferred action was modified. Everything that did not change is null.',
    example: {
      extension: null,
      actionId: { id: '0.0.0.1+-schedule+279774', uri: null },
      actionName: null,
      serviceId: null,
      serviceType: null,
      scheduledDate: 1613241000000,
      serviceLogin: null,
      description: null,
      isCollectionsAction: null,
      actionStatus: 0,
    },
    problems: [...BODY_PROBLEMS, ...WRITE_PROBLEMS],
  })
  modify(
    @Param('id', DeferredActionIdPipe) id: string,
    @Body() update: DeferredAction,
    @Context() context: RequestContext,
  ): Promise<DeferredAction> {
    return this.deferredActions.modify(id, update, context);
  }
}
