import { Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import type { Principal } from '../../platform/auth/principal.js';
import { claimAt } from '../../platform/auth/principal.js';
import { Problem, invalidBody } from '../../platform/http/problem.js';
import type { RequestContext } from '../../platform/http/request-context.js';
import { UpstreamClient } from '../../platform/upstream/upstream-client.js';
import { WritePath } from '../../platform/writes/write-path.js';
import type { ExternalHandoffStatusModel } from './dto/external-handoff-status.dto.js';
import type { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { readHandoffEnvelope } from './handoff-envelope.js';
import { HandoffReadBack } from './handoff-read-back.js';
import { HANDOFF_PATH, platformHeaders } from './lending-request.js';

/** What an HTTP header can carry without an encoding that the reader would have to guess. */
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** Tells the lending system how handoffs ended. */
@Injectable()
export class HandoffService {
  constructor(
    private readonly config: Config,
    private readonly upstream: UpstreamClient,
    private readonly writes: WritePath,
    private readonly readBack: HandoffReadBack,
  ) {}

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
        upstream: this.upstream,
        request: {
          method: 'PUT',
          path: `${HANDOFF_PATH}/${handoffRefNo}/updatestatus`,
          body: update,
          headers: this.headers(context.principal),
        },
        read: readHandoffEnvelope,
        readBack: this.readBack,
      },
      context,
    );
  }

  private refuseUnlistedStatus({ handoffStatus }: ExternalHandoffStatusModel): void {
    const { statuses } = this.config.handoff;
    if (statuses.length === 0 || handoffStatus == null || statuses.includes(handoffStatus)) return;
    throw invalidBody('invalid-request', [
      { pointer: '#/handoffStatus', message: `must be one of ${statuses.join(', ')}` },
    ]);
  }

  /** The platform's own headers. The user is who the token says, never who the client says. */
  private headers(principal: Principal | undefined): Record<string, string> {
    const { headers, userIdClaim } = this.config.handoff;
    const userId = claimAt(principal?.claims ?? {}, userIdClaim);
    if (typeof userId !== 'string' || !VISIBLE_ASCII.test(userId)) {
      throw new Problem('forbidden', {
        detail: `The access token has no claim ${userIdClaim} that the lending system could take as a user id.`,
      });
    }
    return { ...platformHeaders(headers), userId };
  }
}
