import { isObject, type Json } from '../json.js';
import { readScheduledDate } from './scheduled-date.js';

type Field =
  | 'extension'
  | 'actionId'
  | 'actionName'
  | 'serviceId'
  | 'serviceType'
  | 'scheduledDate'
  | 'serviceLogin'
  | 'description'
  | 'isCollectionsAction'
  | 'actionStatus';

/** A deferred action as billing shows it; `scheduledDate` is in epoch milliseconds. */
export type DeferredAction = Readonly<Record<Field, Json>> & {
  readonly actionId: { readonly id: string; readonly uri: null };
  readonly actionStatus: number;
};

export const ActionStatus = { pending: 0, done: 1, error: 2, pendingAndUndeletable: 3 } as const;

/** What a PUT may carry for each member; undefined means that the value is not acceptable. */
const readers: Readonly<
  Record<Exclude<Field, 'actionId'>, (value: unknown, zone: string) => Json | undefined>
> = {
  extension: (value) => (isObject(value) ? (value as Json) : undefined),
  actionName: text,
  serviceId: (value) =>
    isObject(value) && typeof value['id'] === 'string'
      ? { id: value['id'], uri: text(value['uri']) ?? null }
      : undefined,
  serviceType: text,
  scheduledDate: readScheduledDate,
  serviceLogin: text,
  description: text,
  isCollectionsAction: (value) => [true, false].find((known) => known === value || String(known) === value),
  actionStatus: (value) => Object.values(ActionStatus).find((known) => known === Number(value)),
};

export type DeferredActionChanges = Partial<Record<keyof typeof readers, Json>>;

/** A modification that billing does not accept. */
export class RefusedModification extends Error {}

/**
 * The members that a PUT's body sets. Null means unchanged, as in billing's own replies.
 * @throws RefusedModification
 */
export function readChanges(body: unknown, id: string, zone: string): DeferredActionChanges {
  if (!isObject(body)) {
    throw new RefusedModification('The request body is not a deferred action.');
  }
  const changes: DeferredActionChanges = {};
  for (const [field, value] of Object.entries(body)) {
    if (value === null || (field === 'actionId' && isObject(value) && value['id'] === id)) {
      continue;
    }
    if (!isChangeable(field)) {
      throw new RefusedModification(`${field} cannot be set.`);
    }
    const read = readers[field](value, zone);
    if (read === undefined) {
      throw new RefusedModification(`${field} has an invalid value.`);
    }
    changes[field] = read;
  }
  return changes;
}

/** Billing's reply to a write: null for all that was not changed. */
export function mostlyNull(id: string, changes: DeferredActionChanges): DeferredAction {
  return {
    extension: null,
    actionId: { id, uri: null },
    actionName: null,
    serviceId: null,
    serviceType: null,
    scheduledDate: null,
    serviceLogin: null,
    description: null,
    isCollectionsAction: null,
    ...changes,
    // The one member that is a plain integer there and therefore never null.
    actionStatus: typeof changes.actionStatus === 'number' ? changes.actionStatus : ActionStatus.pending,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isChangeable(field: string): field is keyof typeof readers {
  return Object.hasOwn(readers, field);
}
