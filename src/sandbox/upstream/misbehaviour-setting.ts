import { isObject, type Json } from '../json.js';

export const misbehaviourModes = [
  'none',
  'slow',
  'error',
  'hang',
  'reset',
  'failure-in-200',
  'html',
] as const;

export type MisbehaviourMode = (typeof misbehaviourModes)[number];

/** How an upstream behaves towards the next calls of its operations. */
export interface MisbehaviourSetting {
  readonly mode: MisbehaviourMode;
  /** How many calls it still concerns; null means until it is changed. */
  readonly times: number | null;
  /** Milliseconds that `slow` waits before it answers. */
  readonly delayMs: number;
  /** The HTTP methods it concerns; null means every one. */
  readonly methods: readonly string[] | null;
}

const goodBehaviour: MisbehaviourSetting = { mode: 'none', times: null, delayMs: 5000, methods: null };

/** What was sent as a misbehaviour is none. */
export class UnknownMisbehaviour extends Error {}

/** Holds the current setting and counts it down. */
export class MisbehaviourSwitch {
  private setting = goodBehaviour;

  get current(): Json {
    return { ...this.setting };
  }

  /** @throws UnknownMisbehaviour */
  set(wanted: unknown): void {
    this.setting = readSetting(wanted);
  }

  /** The setting for a call with this method; one of the remaining times is used up. */
  take(method: string): MisbehaviourSetting {
    const { mode, times, methods } = this.setting;
    if (mode === 'none' || (methods !== null && !methods.includes(method))) {
      return goodBehaviour;
    }
    const taken = this.setting;
    if (times !== null) {
      this.setting = times > 1 ? { ...taken, times: times - 1 } : goodBehaviour;
    }
    return taken;
  }
}

function readSetting(wanted: unknown): MisbehaviourSetting {
  if (!isObject(wanted)) {
    throw new UnknownMisbehaviour('Send a JSON object with a mode.');
  }
  const mode = misbehaviourModes.find((known) => known === wanted['mode']);
  if (mode === undefined) {
    throw new UnknownMisbehaviour(`mode must be one of ${misbehaviourModes.join(', ')}.`);
  }
  const { times = null, delayMs = goodBehaviour.delayMs, methods = null } = wanted;
  if (times !== null && !(isWhole(times) && times > 0)) {
    throw new UnknownMisbehaviour('times must be a whole number above 0, or left out.');
  }
  if (!isWhole(delayMs)) {
    throw new UnknownMisbehaviour('delayMs must be a whole number of milliseconds.');
  }
  if (methods !== null && !isTextList(methods)) {
    throw new UnknownMisbehaviour('methods must be a list such as ["PUT"], or left out.');
  }
  return { mode, times, delayMs, methods };
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
