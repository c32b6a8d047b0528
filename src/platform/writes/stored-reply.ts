import type { ProblemCode } from '../http/problem-types.js';
import type { ProblemFacts } from '../http/problem.js';
import { parseKeepingDigits } from '../http/raw-number.js';
import type { Verdict } from './outcome-table.js';

/** What an idempotency key is answered with again: the body of a success, or a problem's code and facts. */
export type StoredReply =
  | { readonly body: unknown }
  | { readonly problem: { readonly code: ProblemCode; readonly facts: ProblemFacts } };

/** The reply of a write as it ended. */
export function replyOf(verdict: Verdict<unknown>): StoredReply {
  if (!('problem' in verdict)) return { body: verdict.reply };
  const { code, facts } = verdict.problem;
  return { problem: { code, facts } };
}

/** The reply as it is kept: as text, so that no digit of a number is lost. */
export function replyText(reply: StoredReply): string {
  return JSON.stringify(reply);
}

/** Reads a text that `replyText` has written. */
export function readReplyText(text: string): StoredReply {
  return parseKeepingDigits(text) as StoredReply;
}
