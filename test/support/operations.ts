import { DOCUMENTED_REPLY, UPDATED_HANDOFF, type Call, type Landscape } from './landscape.js';
import { json, raw, type Script } from './scripted-upstream.js';

/** One of the documented operations, as a test makes it and as its upstream answers it. */
export interface Operation {
  /** As the trail names it. */
  readonly name: string;
  readonly system: 'lending' | 'billing';
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly scope: string;
  /** Path at the gateway of one of many resources. */
  readonly path: (resource: string) => string;
  /** One of many resources, by number. */
  readonly resource: (number: number) => string;
  readonly body?: (resource: string) => object;
  /** What the upstream answers when all is well. */
  readonly answer: Script;
  /** The reply of the gateway to that: status, and the body as JSON. */
  readonly status: number;
  readonly reply: unknown;
  readonly xmlRoot: string | null;
}

const HANDOFFS = '/clmo-handoff-services/service/v1/externalHandoff';
const ACTIONS = '/bcws/webresources/v1.0/deferredactions';
const handoff = (number: number): string => `HO-${number}`;
const action = (number: number): string => `0.0.0.1+-schedule+${number}`;
const PERFORMED = { ...DOCUMENTED_REPLY, scheduledDate: null, actionStatus: 1 };
export const LISTED = [
  { ...DOCUMENTED_REPLY, actionName: 'Inactivate service', extension: { ticket: 7 } },
  { actionId: { id: '0.0.0.1+-schedule+2', uri: null }, actionStatus: 3 },
];

/** All eight. */
export const OPERATIONS: readonly Operation[] = [
  {
    name: 'handoff.read',
    system: 'lending',
    method: 'GET',
    scope: 'handoff:read',
    path: (reference) => `${HANDOFFS}/${reference}`,
    resource: handoff,
    answer: json(200, UPDATED_HANDOFF),
    status: 200,
    reply: UPDATED_HANDOFF,
    xmlRoot: 'ResponseDtoWrapper',
  },
  {
    name: 'handoff.read-statuses',
    system: 'lending',
    method: 'GET',
    scope: 'handoff:read',
    path: (reference) => `${HANDOFFS}/${reference}/handoffstatus`,
    resource: handoff,
    answer: json(200, { ...UPDATED_HANDOFF, data: [{ handoffStatus: 'SUCCESS' }] }),
    status: 200,
    reply: { ...UPDATED_HANDOFF, data: [{ handoffStatus: 'SUCCESS' }] },
    xmlRoot: 'ResponseDtoWrapper',
  },
  {
    name: 'handoff.update-status',
    system: 'lending',
    method: 'PUT',
    scope: 'handoff:write',
    path: (reference) => `${HANDOFFS}/${reference}/updatestatus`,
    resource: handoff,
    body: (handoffRefNumber) => ({ handoffRefNumber, handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9' }),
    answer: json(200, UPDATED_HANDOFF),
    status: 200,
    reply: UPDATED_HANDOFF,
    xmlRoot: 'ResponseDtoWrapper',
  },
  {
    name: 'handoff.create',
    system: 'lending',
    method: 'POST',
    scope: 'handoff:write',
    path: () => HANDOFFS,
    resource: handoff,
    body: (handoffRefNumber) => ({ applicationNumber: 'APP0001', handoffRefNumber, branchCode: '000' }),
    answer: json(201, UPDATED_HANDOFF, { location: 'http://lending.internal/HO-1' }),
    status: 201,
    reply: UPDATED_HANDOFF,
    xmlRoot: 'ResponseDtoWrapper',
  },
  {
    name: 'deferred-action.list',
    system: 'billing',
    method: 'GET',
    scope: 'deferred-actions:read',
    path: (account) => `${ACTIONS}/account/${account}`,
    resource: (number) => `0.0.0.1+-account+${number}`,
    answer: json(200, LISTED),
    status: 200,
    reply: LISTED,
    xmlRoot: 'DeferredActions',
  },
  {
    name: 'deferred-action.modify',
    system: 'billing',
    method: 'PUT',
    scope: 'deferred-actions:write',
    path: (id) => `${ACTIONS}/${id}`,
    resource: action,
    body: () => ({ scheduledDate: '2021-02-14' }),
    answer: json(200, DOCUMENTED_REPLY),
    status: 200,
    reply: DOCUMENTED_REPLY,
    xmlRoot: 'DeferredAction',
  },
  {
    name: 'deferred-action.perform',
    system: 'billing',
    method: 'POST',
    scope: 'deferred-actions:perform',
    path: (id) => `${ACTIONS}/${id}`,
    resource: action,
    answer: json(201, PERFORMED),
    status: 201,
    reply: PERFORMED,
    xmlRoot: 'DeferredAction',
  },
  {
    name: 'deferred-action.delete',
    system: 'billing',
    method: 'DELETE',
    scope: 'deferred-actions:delete',
    path: (id) => `${ACTIONS}/${id}`,
    resource: action,
    answer: raw(204, ''),
    status: 204,
    reply: undefined,
    xmlRoot: null,
  },
];

export const READS = OPERATIONS.filter(({ method }) => method === 'GET');
export const WRITES = OPERATIONS.filter(({ method }) => method !== 'GET');

let used = 0;

/** A resource that no other call has used: one whose outcome is unknown lets no other write near it. */
export function freshResource({ resource }: Operation): string {
  return resource(++used);
}

/** Makes an operation on a resource, by default a fresh one. */
export function operate(
  landscape: Landscape,
  operation: Operation,
  call: Call & { readonly resource?: string } = {},
): Promise<Response> {
  const { resource = freshResource(operation), ...rest } = call;
  const body = operation.body?.(resource);
  return landscape.call(operation.path(resource), {
    method: operation.method,
    ...(body !== undefined && { body }),
    ...rest,
  });
}

/** The upstream of an operation. */
export function upstreamOf(landscape: Landscape, { system }: Operation) {
  return landscape[system];
}
