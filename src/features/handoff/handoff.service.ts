import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Problem, invalidBody } from '../../platform/http/problem.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { ReadPath } from '../../platform/reads/read-path.js';
import { WritePath } from '../../platform/writes/write-path.js';
import type { ExternalHandoffModel } from './dto/external-handoff.dto.js';
import type { ExternalHandoffStatusModel } from './dto/external-handoff-status.dto.js';
import type { HandoffStatus } from './dto/handoff-status.dto.js';
import type { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { HandoffReadBacks } from './handoff-read-backs.js';
import { isHandoffRef } from './handoff-ref.js';
import { HANDOFF_PATH, LendingSystem } from './lending-system.js';

/** Handoffs in the lending system: how they stand, and what is changed of them. */
@Injectable()
export class HandoffService {
  constructor(
    private readonly config: Config,
    private readonly lending: LendingSystem,
    private readonly reads: ReadPath,
    private readonly writes: WritePath,
    private readonly readBacks: HandoffReadBacks,
  ) {}

  /** All details of one handoff. Throws a `Problem` unless the lending system shows them. */
  details(handoffRefNo: string, context: RequestContext): Promise<ResponseDtoWrapper> {
    return this.read('handoff.read', handoffRefNo, '', context);
  }

  /** Every status that one handoff was given. Throws a `Problem` unless the lending system shows them. */
  statuses(handoffRefNo: string, context: RequestContext): Promise<ResponseDtoWrapper> {
    return this.read('handoff.read-statuses', handoffRefNo, '/handoffstatus', context);
  }

  /** Updates the status of one handoff. Throws a `Problem` unless the lending system says that it did. */
  updateStatus(
    handoffRefNo: string,
    update: ExternalHandoffStatusModel,
    context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    if (update.handoffRefNumber !== handoffRefNo) {
      throw new Problem('id-mismatch', {
        errors: [
          { pointer: '#/handoffRefNumber', message: `must equal the reference in the path, ${handoffRefNo}` },
        ],
      });
    }
    this.refuseUnlistedStatus(update);
    return this.writes.perform(
      {
        operation: 'handoff.update-status',
        resource: handoffRefNo,
        upstream: this.lending.upstream,
        request: {
          method: 'PUT',
          path: `${HANDOFF_PATH}/${handoffRefNo}/updatestatus`,
          body: update,
          headers: this.lending.headersFor(context.principal),
        },
        read: this.lending.read,
        readBack: this.readBacks.ofUpdate,
      },
      context,
    );
  }

  /** Adds a handoff. Throws a `Problem` unless the lending system says that it did. */
  create(handoff: ExternalHandoffModel, context: RequestContext): Promise<ResponseDtoWrapper> {
    const { refPattern } = this.config.handoff;
    if (!isHandoffRef(handoff.handoffRefNumber, refPattern)) {
      throw invalidBody('invalid-request', [
        { pointer: '#/handoffRefNumber', message: `must match ${refPattern.source}` },
      ]);
    }
    this.refuseUnlistedStatus(handoff);
    return this.writes.perform(
      {
        operation: 'handoff.create',
        resource: handoff.handoffRefNumber,
        upstream: this.lending.upstream,
        request: {
          method: 'POST',
          path: HANDOFF_PATH,
          body: handoff,
          headers: this.lending.headersFor(context.principal),
        },
        read: this.lending.read,
        readBack: this.readBacks.ofCreation,
      },
      context,
    );
  }

  private read(
    operation: 'handoff.read' | 'handoff.read-statuses',
    handoffRefNo: string,
    view: '' | '/handoffstatus',
    context: RequestContext,
  ): Promise<ResponseDtoWrapper> {
    return this.reads.perform(
      {
        operation,
        resource: handoffRefNo,
        upstream: this.lending.upstream,
        request: {
          path: `${HANDOFF_PATH}/${handoffRefNo}${view}`,
          headers: this.lending.headersFor(context.principal),
        },
        read: this.lending.read,
      },
      context,
    );
  }

  private refuseUnlistedStatus({ handoffStatus }: HandoffStatus): void {
    const { statuses } = this.config.handoff;
    if (statuses.length === 0 || handoffStatus == null || statuses.includes(handoffStatus)) return;
    throw invalidBody('invalid-request', [
      { pointer: '#/handoffStatus', message: `must be one of ${statuses.join(', ')}` },
    ]);
  }
}
