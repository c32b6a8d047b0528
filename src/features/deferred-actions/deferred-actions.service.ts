import { Injectable, Logger } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Problem, WHOLE_BODY, invalidBody } from '../../platform/http/problem.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { UpstreamClient } from '../../platform/upstream/upstream-client.js';
import { WritePath } from '../../platform/writes/write-path.js';
import { pathSegment } from './deferred-action-id.js';
import { readDeferredAction } from './deferred-action-reply.js';
import { DeferredActionReadBack } from './deferred-action-read-back.js';
import { KnownAccounts } from './known-accounts.js';
import type { DeferredAction } from './dto/deferred-action.dto.js';

/** Changes what the billing system has put off. */
@Injectable()
export class DeferredActionsService {
  private readonly logger = new Logger(DeferredActionsService.name);

  constructor(
    private readonly config: Config,
    private readonly upstream: UpstreamClient,
    private readonly writes: WritePath,
    private readonly accounts: KnownAccounts,
    private readonly readBack: DeferredActionReadBack,
  ) {}

  /** Changes the given fields of one action. Throws a `Problem` unless the billing system says that it did. */
  async modify(id: string, update: DeferredAction, context: RequestContext): Promise<DeferredAction> {
    const { actionId, ...changes } = update;
    if (actionId && actionId.id !== id) {
      throw new Problem('id-mismatch', {
        errors: [{ pointer: '#/actionId/id', message: `must equal the id in the path, ${id}` }],
      });
    }
    if (Object.keys(changes).length === 0) {
      throw invalidBody('invalid-request', [
        { pointer: WHOLE_BODY, message: 'must have at least one field to change that is not null' },
      ]);
    }
    await this.accounts.learn(id, context.accountId);
    const reply = await this.writes.perform(
      {
        operation: 'deferred-action.modify',
        resource: id,
        upstream: this.upstream,
        request: {
          method: 'PUT',
          path: `/deferredactions/${pathSegment(id, this.config.billingCare.plus)}`,
          body: update,
        },
        read: readDeferredAction,
        readBack: this.readBack,
      },
      context,
    );
    // The documented example does so too: worth a line in the log, no reason to doubt the write.
    if (reply.actionId?.id !== id) {
      this.logger.warn({
        message: 'Billing replied with another id',
        asked: id,
        replied: reply.actionId?.id,
      });
    }
    return reply;
  }
}
