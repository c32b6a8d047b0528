import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Context, type RequestContext } from '../../platform/http/request-context.js';
import { AuditedOperation, RequireScopes } from '../../platform/http/route-facts.js';
import { Answers, AnswersNothing } from '../../platform/openapi/answers.js';
import { TakesBody } from '../../platform/openapi/takes-body.js';
import { BillingIdPipe } from './billing-id.js';
import {
  CHANGE_PROBLEMS,
  ChangesAction,
  LISTED,
  LIST_PROBLEMS,
  MODIFICATIONS,
  MODIFIED,
  MODIFY_PROBLEMS,
  NamesAccount,
  PERFORMED,
} from './deferred-actions.examples.js';
import { DeferredActionsService } from './deferred-actions.service.js';
import { DeferredAction } from './dto/deferred-action.dto.js';

/** Deferred actions in billing. */
@ApiTags('Deferred actions')
@Controller('bcws/webresources/v1.0/deferredactions')
export class DeferredActionsController {
  constructor(private readonly deferredActions: DeferredActionsService) {}

  /**
   * Get the deferred actions of an account
   * @remarks All of them: the billing system knows no paging. Dates are milliseconds since the epoch.
   */
  @Get('account/:accountId')
  @RequireScopes('deferred-actions:read')
  @AuditedOperation('deferred-action.list', 'accountId')
  @NamesAccount()
  @Answers({
    status: 200,
    type: DeferredAction,
    listAs: 'DeferredActions',
    description: 'The deferred actions of the account.',
    example: LISTED,
    problems: LIST_PROBLEMS,
  })
  list(
    @Param('accountId', BillingIdPipe) accountId: string,
    @Context() context: RequestContext,
  ): Promise<readonly DeferredAction[]> {
    return this.deferredActions.list(accountId, context);
  }

  /**
   * Modify a deferred action
   * @remarks Sets the fields that are sent and leaves the others as they are. A date without a time is midnight
   * in the billing system's own time zone, and comes back as milliseconds since the epoch.
   */
  @Put(':id')
  @RequireScopes('deferred-actions:write')
  @AuditedOperation('deferred-action.modify', 'id')
  @ChangesAction()
  @TakesBody(DeferredAction, MODIFICATIONS)
  @Answers({
    status: 200,
    type: DeferredAction,
    description: 'The deferred action was modified. Everything that did not change is null.',
    example: MODIFIED,
    problems: MODIFY_PROBLEMS,
  })
  modify(
    @Param('id', BillingIdPipe) id: string,
    @Body() update: DeferredAction,
    @Context() context: RequestContext,
  ): Promise<DeferredAction> {
    return this.deferredActions.modify(id, update, context);
  }

  /**
   * Perform a deferred action
   * @remarks Carries the action out now instead of at its time. It cannot be undone: never repeat it while its
   * outcome is `unknown`. The request has no body.
   */
  @Post(':id')
  @RequireScopes('deferred-actions:perform')
  @AuditedOperation('deferred-action.perform', 'id')
  @ChangesAction()
  @Answers({
    status: 201,
    type: DeferredAction,
    description:
      'The deferred action was performed. Its status is 1; everything that did not change is null.',
    example: PERFORMED,
    problems: CHANGE_PROBLEMS,
  })
  perform(
    @Param('id', BillingIdPipe) id: string,
    @Context() context: RequestContext,
  ): Promise<DeferredAction> {
    return this.deferredActions.perform(id, context);
  }

  /**
   * Delete a deferred action
   * @remarks The action will not be carried out. It cannot be brought back. The request has no body.
   */
  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('deferred-actions:delete')
  @AuditedOperation('deferred-action.delete', 'id')
  @ChangesAction()
  @AnswersNothing({
    status: 204,
    description: 'The deferred action was deleted.',
    problems: CHANGE_PROBLEMS,
  })
  async delete(@Param('id', BillingIdPipe) id: string, @Context() context: RequestContext): Promise<void> {
    await this.deferredActions.delete(id, context);
  }
}
