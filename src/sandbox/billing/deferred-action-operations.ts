import { readBody } from '../upstream/media.js';
import type { Reply, Route, UpstreamCall } from '../upstream/route.js';
import { billingError } from './billing-wording.js';
import {
  ActionStatus,
  mostlyNull,
  readChanges,
  RefusedModification,
  type DeferredAction,
  type DeferredActionChanges,
} from './deferred-action.js';
import type { DeferredActionRegister } from './deferred-action-register.js';

/**
 * The four operations on deferred actions.
 * @param zone the IANA zone in which a date without a time is midnight
 */
export function deferredActionOperations(
  register: DeferredActionRegister,
  basePath: string,
  zone: string,
): readonly Route[] {
  const base = `^${basePath.replaceAll('.', '\\.')}/deferredactions`;
  const onAction = new RegExp(`${base}/([^/]+)$`);
  return [
    {
      method: 'GET',
      path: new RegExp(`${base}/account/([^/]+)$`),
      answer: (_call, accountId) => listOf(register, accountId),
    },
    {
      method: 'PUT',
      path: onAction,
      answer: (call, id) => ofKnown(register, id, () => modify(register, id, zone, call)),
    },
    {
      method: 'POST',
      path: onAction,
      answer: (_call, id) => ofKnown(register, id, (action) => perform(register, action)),
    },
    {
      method: 'DELETE',
      path: onAction,
      answer: (_call, id) => ofKnown(register, id, (action) => remove(register, action)),
    },
  ];
}

function listOf(register: DeferredActionRegister, accountId: string): Reply {
  const actions = register.ofAccount(accountId);
  return actions === undefined
    ? billingError(500, 'SBX-001', `Account ${accountId} not found`)
    : { status: 200, document: { root: 'DeferredActions', entry: 'DeferredAction', content: actions } };
}

function modify(register: DeferredActionRegister, id: string, zone: string, call: UpstreamCall): Reply {
  try {
    const changes = readChanges(readBody(call), id, zone);
    register.modify(id, changes);
    return changed(200, id, changes);
  } catch (error) {
    if (error instanceof RefusedModification) {
      return billingError(500, 'SBX-002', error.message);
    }
    throw error;
  }
}

function perform(register: DeferredActionRegister, { actionId, actionStatus }: DeferredAction): Reply {
  if (actionStatus === ActionStatus.done) {
    return billingError(500, 'SBX-003', `Deferred action ${actionId.id} is already done`);
  }
  const changes = { actionStatus: ActionStatus.done };
  register.modify(actionId.id, changes);
  return changed(201, actionId.id, changes);
}

function remove(register: DeferredActionRegister, { actionId, actionStatus }: DeferredAction): Reply {
  if (actionStatus === ActionStatus.pendingAndUndeletable) {
    return billingError(500, 'SBX-004', `Deferred action ${actionId.id} cannot be deleted`);
  }
  register.delete(actionId.id);
  return { status: 204 };
}

function ofKnown(
  register: DeferredActionRegister,
  id: string,
  then: (action: DeferredAction) => Reply,
): Reply {
  const action = register.find(id);
  return action === undefined
    ? billingError(500, 'SBX-001', `Deferred action ${id} not found`)
    : then(action);
}

function changed(status: 200 | 201, id: string, changes: DeferredActionChanges): Reply {
  return { status, document: { root: 'DeferredAction', content: mostlyNull(id, changes) } };
}
