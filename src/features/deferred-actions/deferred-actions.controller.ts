import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Context, type RequestContext } from '../../platform/http/request-context.js';
import { AuditedOperation, RequireScopes } from '../../platform/http/route-facts.js';
import { Answers } from '../../platform/openapi/answers.js';
import { BODY_PROBLEMS } from '../../platform/openapi/documented-problems.js';
import { TakesBody } from '../../platform/openapi/takes-body.js';
import { DEFERRED_ACTION_ID, DeferredActionIdPipe } from './deferred-action-id.js';
import { ACTION_ID, MODIFICATIONS, MODIFIED, MODIFY_PROBLEMS } from './deferred-actions.examples.js';
import { DeferredActionsService } from './deferred-actions.service.js';
import { DeferredAction } from './dto/deferred-action.dto.js';

/** Deferred actions in billing. */
@ApiTags('Deferred actions')
@Controller('bcws/webresources/v1.0/deferredactions')
export class DeferredActionsController {
  constructor(private readonly deferredActions: DeferredActionsService) {}

  /**
   * Modify a deferred action
   * @remarks Sets the fields that are sent and leaves the others as they are. A date without a time is midnight
   * in the billing system's own time zone, and comes back as milliseconds since the epoch.
   */
  @Put(':id')
  @RequireScopes('deferred-actions:write')
  @AuditedOperation('deferred-action.modify', 'id')
  @ApiParam({
    name: 'id',
    description:
      'The id of the action, as the billing system shows it. Its `+` may be sent as it is or as `%2B`.',
    schema: { type: 'string', ...DEFERRED_ACTION_ID, example: ACTION_ID },
  })
  @TakesBody(DeferredAction, MODIFICATIONS)
  @Answers({
    status: 200,
    type: DeferredAction,
    description: 'The deferred action was modified. Everything that did not change is null.',
    example: MODIFIED,
    problems: [...BODY_PROBLEMS, ...MODIFY_PROBLEMS],
  })
  modify(
    @Param('id', DeferredActionIdPipe) id: string,
    @Body() update: DeferredAction,
    @Context() context: RequestContext,
  ): Promise<DeferredAction> {
    return this.deferredActions.modify(id, update, context);
  }
}
