import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { declaredTypes } from '../../platform/http/xml/declared-types.js';
import { observed } from '../../platform/upstream/observed.js';
import { isObject } from '../../platform/upstream/reply-json.js';
import type { Exchange } from '../../platform/upstream/upstream-client.js';
import {
  LOOK_WITHIN_MS,
  ReadBacks,
  compareFields,
  type Comparison,
  type FieldRules,
  type ReadBack,
  type ReadBackVerdict,
  type ResourceState,
  type Seen,
  type WrittenResource,
} from '../../platform/writes/read-back.js';
import { ExternalHandoffModel } from './dto/external-handoff.dto.js';
import type { ResponseDtoWrapper } from './dto/response-dto-wrapper.dto.js';
import { HANDOFF_PATH, LendingSystem } from './lending-system.js';

const STATUSES = '/handoffstatus';
const DETAILS = '';
type View = typeof STATUSES | typeof DETAILS;

const REFERENCE = 'handoffRefNumber';
const RULES: FieldRules = { identity: REFERENCE };
const FIELDS = [...declaredTypes(ExternalHandoffModel).keys()];

/**
 * Finds out what became of writes to handoffs. What lending lists under `data` is not documented: which of its
 * members hold the sent fields is configuration, and any other shape decides nothing.
 */
@Injectable()
export class HandoffReadBacks implements OnModuleInit {
  readonly ofUpdate: ReadBack = {
    operation: 'handoff.update-status',
    look: (write, deadline) => this.look(write, [STATUSES, DETAILS], deadline),
    verdict: (comparison) => compareFields(comparison, RULES),
    confirmed,
  };
  readonly ofCreation: ReadBack = {
    operation: 'handoff.create',
    look: (write, deadline) => this.look(write, [DETAILS], deadline),
    verdict: existsAsSent,
    confirmed,
  };

  constructor(
    private readonly config: Config,
    private readonly lending: LendingSystem,
    private readonly registry: ReadBacks,
  ) {}

  onModuleInit(): void {
    for (const readBack of [this.ofUpdate, this.ofCreation]) this.registry.add(readBack);
  }

  /** Reads one view after the other until one shows the handoff. */
  private async look(
    { resource, principal }: WrittenResource,
    views: readonly View[],
    deadline = Infinity,
  ): Promise<Seen> {
    const { upstream } = this.lending;
    let seen: Seen = { kind: 'unreachable', reason: 'lending did not answer' };
    for (const view of views) {
      const call = upstream.send(
        {
          method: 'GET',
          path: `${HANDOFF_PATH}/${resource}${view}`,
          headers: this.lending.readBackHeaders(principal?.subject),
        },
        Math.min(LOOK_WITHIN_MS, upstream.timeoutMs, deadline - Date.now()),
        deadline,
      );
      const exchange = await observed(upstream, 'read-back', call);
      seen = this.seen(exchange, resource);
      if (seen.kind === 'seen' || seen.kind === 'unreachable') break;
    }
    return seen;
  }

  private seen(exchange: Exchange, resource: string): Seen {
    if (exchange.kind !== 'answered') return { kind: 'unreachable', reason: 'lending did not answer' };
    const reading = this.lending.read(exchange);
    if (reading.kind === 'absent') return { kind: 'absent' };
    if (reading.kind === 'inconclusive' && exchange.status >= 300)
      return { kind: 'unreachable', reason: `something answered ${exchange.status} for lending` };
    if (reading.kind !== 'success')
      return { kind: 'unrecognised', reason: 'lending answered without a record' };
    const memberOf = (field: string): string => this.config.handoff.readBackFields[field] ?? field;
    const records = [reading.reply.data].flat().filter(isObject);
    const [record, ...more] = records.filter((candidate) => candidate[memberOf(REFERENCE)] === resource);
    if (record === undefined || more.length > 0) {
      return {
        kind: 'unrecognised',
        reason: `lending shows ${more.length === 0 ? 'no' : 'more than one'} record of the handoff`,
      };
    }
    const state: ResourceState = Object.fromEntries(
      FIELDS.filter((field) => memberOf(field) in record).map((field) => [field, record[memberOf(field)]]),
    );
    return { kind: 'seen', state };
  }
}

function existsAsSent(comparison: Comparison): ReadBackVerdict {
  if (comparison.now === null) return { outcome: 'not-applied', reason: 'lending knows no such handoff' };
  return isObject(comparison.before)
    ? { outcome: 'unknown', reason: 'there was such a handoff before' }
    : compareFields(comparison, RULES);
}

/** The documented envelope; its one code says that it is not lending's own reply. */
function confirmed({ resource }: WrittenResource, state: ResourceState | null): ResponseDtoWrapper {
  return {
    data: state,
    messages: {
      status: 'SUCCESS',
      codes: [
        {
          code: 'SUREHAND-CONFIRMED',
          desc: 'The reply was lost; the write was confirmed later',
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
