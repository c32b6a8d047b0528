import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { isObject } from '../../platform/upstream/reply-json.js';
import { UpstreamClient, type Exchange } from '../../platform/upstream/upstream-client.js';
import {
  ReadBacks,
  type ReadBack,
  type Seen,
  type WrittenResource,
} from '../../platform/writes/read-back.js';
import type { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { readHandoffEnvelope } from './handoff-envelope.js';
import { HANDOFF_PATH, platformHeaders } from './lending-request.js';

/** Read one after the other until one shows the handoff: its statuses, then all of its details. */
const VIEWS = ['/handoffstatus', ''] as const;

/**
 * Finds out whether a status update was made. What lending lists under `data` is not documented: which of its
 * members hold the sent fields is configuration, and any other shape decides nothing.
 */
@Injectable()
export class HandoffReadBack implements ReadBack, OnModuleInit {
  readonly operation = 'handoff.update-status';

  constructor(
    private readonly config: Config,
    private readonly upstream: UpstreamClient,
    private readonly readBacks: ReadBacks,
  ) {}

  onModuleInit(): void {
    this.readBacks.add(this);
  }

  async look({ resource, principal }: WrittenResource): Promise<Seen> {
    const { headers, readBackUserId } = this.config.handoff;
    const userId = readBackUserId ?? principal?.subject;
    let last: Seen = { kind: 'unreachable', reason: 'the handoff could not be read' };
    for (const view of VIEWS) {
      const exchange = await this.upstream.send(
        {
          method: 'GET',
          path: `${HANDOFF_PATH}/${resource}${view}`,
          headers: { ...platformHeaders(headers), ...(userId !== undefined && { userId }) },
        },
        this.upstream.timeoutMs,
      );
      last = this.seen(exchange, resource);
      if (last.kind === 'seen') return last;
    }
    return last;
  }

  confirmed(
    { resource }: WrittenResource,
    state: Readonly<Record<string, unknown>> | null,
  ): ResponseDtoWrapper {
    return {
      data: state,
      messages: {
        status: 'SUCCESS',
        codes: [
          {
            code: 'SUREHAND-CONFIRMED',
            desc: 'The reply was lost; the update was confirmed later',
            type: 'I',
          },
        ],
        httpStatusCode: 'OK',
        keyId: resource,
        overrideAuthLevelsReqd: null,
        requestId: null,
      },
    };
  }

  private seen(exchange: Exchange, resource: string): Seen {
    if (exchange.kind !== 'answered') return { kind: 'unreachable', reason: 'lending did not answer' };
    const reading = readHandoffEnvelope(exchange);
    if (reading.kind !== 'success')
      return { kind: 'unrecognised', reason: 'lending answered without a record' };
    const { handoffRefNumber: reference = 'handoffRefNumber', ...fields } =
      this.config.handoff.readBackFields;
    const records = [reading.reply.data].flat().filter(isObject);
    const [record, ...more] = records.filter((candidate) => candidate[reference] === resource);
    if (record === undefined || more.length > 0) {
      return {
        kind: 'unrecognised',
        reason: `lending shows ${more.length === 0 ? 'no' : 'more than one'} record of the handoff`,
      };
    }
    const state = Object.entries(fields).map(([field, member]) => [field, record[member] ?? null]);
    return {
      kind: 'seen',
      state: { ...(Object.fromEntries(state) as Record<string, unknown>), handoffRefNumber: resource },
    };
  }
}
