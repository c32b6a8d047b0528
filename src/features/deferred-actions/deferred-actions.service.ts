import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Problem, WHOLE_BODY, invalidBody } from '../../platform/http/problem.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { UpstreamClient } from '../../platform/upstream/upstream-client.js';
import { WritePath } from '../../platform/writes/write-path.js';
import { pathSegment } from './deferred-action-id.js';
import { readDeferredAction } from './deferred-action-reply.js';
import type { DeferredAction } from './dto/deferred-action.dto.js';

/** Changes what the billing system has put off. */
@Injectable()
export class DeferredActionsService {
  constructor(
    private readonly config: Config,
    private readonly upstream: UpstreamClient,
    private readonly writes: WritePath,
  ) {}

  /** Changes the given fields of one action. Throws a `Problem` unless the billing system says that it did. */
  modify(id: string, update: DeferredAction, context: RequestContext): Promise<DeferredAction> {
    if (Object.keys(update).length === 0) {
      throw invalidBody('invalid-request', [
        { pointer: WHOLE_BODY, message: 'must have at least one field that is not null' },
      ]);
    }
    if (update.actionId && update.actionId.id !== id) {
      throw new Problem('id-mismatch', {
        errors: [{ pointer: '#/actionId/id', message: `must equal the id in the path, ${id}` }],
      });
    }
    return this.writes.perform(
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
      },
      context,
    );
  }
}
