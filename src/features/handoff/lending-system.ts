import { Injectable } from '@nestjs/common';
import { claimAt, type Principal } from '../../platform/auth/principal.js';
import { Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';
import { UpstreamClient, type Answer } from '../../platform/upstream/upstream-client.js';
import type { Reading } from '../../platform/writes/outcome-table.js';
import type { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { readHandoffEnvelope } from './handoff-envelope.js';

/** The path of the documented resource, below the base URL. */
export const HANDOFF_PATH = '/clmo-handoff-services/service/v1/externalHandoff';

/** What an HTTP header can carry without an encoding that the reader would have to guess. */
const VISIBLE_ASCII = /^[\x21-\x7e]{1,255}$/;

/** How the lending system is spoken to: its headers, and its envelope. */
@Injectable()
export class LendingSystem {
  constructor(
    readonly upstream: UpstreamClient,
    private readonly config: Config,
  ) {}

  /** The platform's headers for a caller. The user is who the token says, never who the client says. */
  headersFor(principal: Principal | undefined): Record<string, string> {
    const { userIdClaim } = this.config.handoff;
    const userId = claimAt(principal?.claims ?? {}, userIdClaim);
    if (typeof userId !== 'string' || !VISIBLE_ASCII.test(userId)) {
      throw new Problem('forbidden', {
        detail: `The access token has no claim ${userIdClaim} that the lending system could take as a user id.`,
      });
    }
    return this.headers(userId);
  }

  /** The platform's headers for a read of the gateway's own, on behalf of the subject whose write it looks after. */
  readBackHeaders(subject: string | undefined): Record<string, string> {
    return this.headers(this.config.handoff.readBackUserId ?? subject);
  }

  /** Reads a reply. */
  readonly read = (answer: Answer): Reading<ResponseDtoWrapper> =>
    readHandoffEnvelope(answer, this.config.handoff.notFoundCodes);

  private headers(userId: string | undefined): Record<string, string> {
    const headers = { ...this.config.handoff.headers, userId };
    return Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    );
  }
}
