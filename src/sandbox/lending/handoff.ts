import { isObject } from '../json.js';

/** The members of the upstream's ExternalHandoffModel, all of them text. */
export const handoffFields = [
  'applicationNumber',
  'handoffRefNumber',
  'branchCode',
  'handoffExtSystem',
  'handoffExtRefNo',
  'handoffStatus',
  'handoffType',
  'processCode',
  'errorCode',
  'errorDescription',
  'remarks',
  'reqBy',
  'reqTs',
  'resBy',
  'resTs',
  'resCallbackEnabled',
  'stagecode',
  'stageUpdateReqd',
] as const;

/** The members of ExternalHandoffStatusModel beside the reference itself. */
export const statusFields = [
  'handoffStatus',
  'handoffExtRefNo',
  'errorCode',
  'errorDescription',
  'remarks',
] as const;

export type Handoff = Partial<Record<(typeof handoffFields)[number], string>> & {
  readonly applicationNumber: string;
  readonly handoffRefNumber: string;
};

export type HandoffStatus = Partial<Record<(typeof statusFields)[number], string>>;

/** A handoff with every status it was given; `needsOverride` makes it ask for a supervisor. */
export interface HandoffRecord {
  readonly handoff: Handoff;
  readonly statuses: readonly (HandoffStatus & { readonly resTs: string })[];
  readonly needsOverride: boolean;
}

/** The given text members of a body, or undefined where it is no object or one of them is not text. */
export function textMembers<F extends string>(
  body: unknown,
  fields: readonly F[],
): Partial<Record<F, string>> | undefined {
  if (!isObject(body)) {
    return undefined;
  }
  const members: Partial<Record<F, string>> = {};
  for (const field of fields) {
    const value = body[field] ?? undefined;
    if (value !== undefined && typeof value !== 'string') {
      return undefined;
    }
    if (value !== undefined) {
      members[field] = value;
    }
  }
  return members;
}
