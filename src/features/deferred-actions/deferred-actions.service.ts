import { Injectable, Logger } from '@nestjs/common';
import { Problem, WHOLE_BODY, invalidBody } from '../../platform/http/problem.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { ReadPath } from '../../platform/reads/read-path.js';
import { WritePath } from '../../platform/writes/write-path.js';
import type { Write } from '../../platform/writes/write.js';
import { BillingSystem } from './billing-system.js';
import {
  readDeferredAction,
  readDeferredActions,
  readDeletion,
  readPerformance,
} from './deferred-action-reply.js';
import { DeferredActionReadBacks } from './deferred-action-read-backs.js';
import { KnownAccounts } from './known-accounts.js';
import type { DeferredAction } from './dto/deferred-action.dto.js';

/** What the billing system has put off: lists it, and changes it. */
@Injectable()
export class DeferredActionsService {
  private readonly logger = new Logger(DeferredActionsService.name);

  constructor(
    private readonly billing: BillingSystem,
    private readonly reads: ReadPath,
    private readonly writes: WritePath,
    private readonly accounts: KnownAccounts,
    private readonly readBacks: DeferredActionReadBacks,
  ) {}

  /** The actions of one account. Throws a `Problem` unless the billing system lists them. */
  async list(accountId: string, context: RequestContext): Promise<readonly DeferredAction[]> {
    const actions = await this.reads.perform(
      {
        operation: 'deferred-action.list',
        resource: accountId,
        upstream: this.billing.upstream,
        request: { path: this.billing.pathOfAccount(accountId) },
        read: readDeferredActions,
      },
      context,
    );
    this.accounts.saw(
      actions.flatMap(({ actionId }) => actionId?.id ?? []),
      accountId,
    );
    return actions;
  }

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
    const reply = await this.change(
      {
        operation: 'deferred-action.modify',
        resource: id,
        request: { method: 'PUT', path: this.billing.pathOf(id), body: update },
        read: readDeferredAction,
        readBack: this.readBacks.ofModification,
      },
      context,
    );
    this.noteOtherId(id, reply);
    return reply;
  }

  /** Carries one action out now. Throws a `Problem` unless the billing system says that it did. */
  async perform(id: string, context: RequestContext): Promise<DeferredAction> {
    const reply = await this.change(
      {
        operation: 'deferred-action.perform',
        resource: id,
        request: { method: 'POST', path: this.billing.pathOf(id) },
        read: readPerformance,
        readBack: this.readBacks.ofPerformance,
      },
      context,
    );
    this.noteOtherId(id, reply);
    return reply;
  }

  /** Deletes one action. Throws a `Problem` unless the billing system says that it did. */
  async delete(id: string, context: RequestContext): Promise<void> {
    await this.change(
      {
        operation: 'deferred-action.delete',
        resource: id,
        request: { method: 'DELETE', path: this.billing.pathOf(id) },
        read: readDeletion,
        readBack: this.readBacks.ofDeletion,
      },
      context,
    );
  }

  private change<Reply>(write: Omit<Write<Reply>, 'upstream'>, context: RequestContext): Promise<Reply> {
    this.accounts.learn(write.resource, context.accountId);
    return this.writes.perform({ ...write, upstream: this.billing.upstream }, context);
  }

  /** The documented example does so too: worth a line in the log, no reason to doubt the write. */
  private noteOtherId(asked: string, { actionId }: DeferredAction): void {
    if (actionId?.id === asked) return;
    this.logger.warn({ message: 'Billing replied with another id', asked, replied: actionId?.id });
  }
}
