import type { UpstreamMessage } from '../../platform/http/problem.js';
import { isObject, messageText } from '../../platform/upstream/reply-json.js';
import type { Answer } from '../../platform/upstream/upstream-client.js';
import type { Reading } from '../../platform/writes/outcome-table.js';
import { ActionStatus, type DeferredAction } from './dto/deferred-action.dto.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const truth: Check = (value) => typeof value === 'boolean';
const whole: Check = (value) => Number.isInteger(value);
const reference: Check = (value) =>
  isObject(value) && text(value['id']) && (value['uri'] == null || text(value['uri']));

/** The documented members of a reply. Whatever else comes is not passed on. */
const MEMBERS: Readonly<Record<keyof DeferredAction, Check>> = {
  extension: isObject,
  actionId: reference,
  actionName: text,
  serviceId: reference,
  serviceType: text,
  scheduledDate: (value) => text(value) || whole(value),
  serviceLogin: text,
  description: text,
  isCollectionsAction: truth,
  actionStatus: whole,
};

const CHECKS = Object.entries(MEMBERS);

/** Reads a billing reply to a change. It is conclusive only if it names an action, and if every documented member fits. */
export function readDeferredAction({ json }: Answer): Reading<DeferredAction> {
  if (!isObject(json) || !reference(json['actionId']))
    return { kind: 'inconclusive', messages: billingErrors(json) };
  const members = CHECKS.filter(([name]) => name in json);
  if (!members.every(([name, fits]) => json[name] === null || fits(json[name]))) {
    return { kind: 'inconclusive', messages: [] };
  }
  return {
    kind: 'success',
    reply: Object.fromEntries(members.map(([name]) => [name, shown(name, json[name])])),
  };
}

/** Reads a billing reply to a performance. It is conclusive only if it says that the action is done. */
export function readPerformance(answer: Answer): Reading<DeferredAction> {
  const reading = readDeferredAction(answer);
  return reading.kind === 'success' && reading.reply.actionStatus !== ActionStatus.done
    ? { kind: 'inconclusive', messages: [] }
    : reading;
}

/** Reads a billing list. It is conclusive only if every item of it is. */
export function readDeferredActions(answer: Answer): Reading<readonly DeferredAction[]> {
  const { json } = answer;
  if (!Array.isArray(json)) return { kind: 'inconclusive', messages: billingErrors(json) };
  const actions: DeferredAction[] = [];
  for (const item of json as readonly unknown[]) {
    const reading = readDeferredAction({ ...answer, json: item });
    if (reading.kind !== 'success') return { kind: 'inconclusive', messages: billingErrors(json) };
    actions.push(reading.reply);
  }
  return { kind: 'success', reply: actions };
}

/**
 * Reads a billing reply to a deletion. Conclusive is the documented 204 only: any other 2xx with no body may come
 * from something that stands before billing.
 */
export function readDeletion({ status, json }: Answer): Reading<null> {
  return status === 204
    ? { kind: 'success', reply: null }
    : { kind: 'inconclusive', messages: billingErrors(json) };
}

/** The documented members of an action, in their documented order; null where there is none. */
export function documentedMembers(action: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.keys(MEMBERS).map((name) => [name, shown(name, action[name] ?? null)]));
}

const REFERENCES: readonly string[] = ['actionId', 'serviceId'];

/** A member as it is passed on: of a reference its documented members only. */
function shown(name: string, value: unknown): unknown {
  if (!REFERENCES.includes(name) || !isObject(value)) return value;
  return { id: value['id'], ...('uri' in value && { uri: value['uri'] }) };
}

const MOST_ERRORS = 20;

/**
 * What an error of the billing system says. Its shape is not documented: one object or several, the members
 * at the top or within `errorInfo`.
 */
function billingErrors(json: unknown): UpstreamMessage[] {
  return [json]
    .flat()
    .slice(0, MOST_ERRORS)
    .flatMap((item) => {
      const error = isObject(item) && isObject(item['errorInfo']) ? item['errorInfo'] : item;
      if (!isObject(error)) return [];
      const code = messageText(error['errorCode']);
      const message = messageText(error['errorMessage']);
      return code === null && message === null ? [] : [{ code, severity: null, text: message }];
    });
}
