import { parseKeepingDigits } from '../http/raw-number.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** No documented reply is nested deeper than five levels; whoever writes or reads one later does so by recursion. */
const MOST_DEPTH = 100;

/**
 * The JSON value of an upstream's reply, or nothing if it is not JSON in UTF-8. A number that a double cannot
 * hold reaches the client with the digits it came with.
 */
export function readReply(body: Buffer): unknown {
  try {
    const json = parseKeepingDigits(utf8.decode(body));
    return isDeeper(json, MOST_DEPTH) ? undefined : json;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1));
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

const LONGEST_TEXT = 500;

/** Text of an upstream as a client may see it: without control characters, shortened. Null if it is no text. */
export function messageText(value: unknown): string | null {
  if (typeof value !== 'string' || value === '') return null;
  const shown = value.toWellFormed().replace(/[\p{Cc}\p{Cf}]+/gu, ' ');
  return shown.length > LONGEST_TEXT ? `${shown.slice(0, LONGEST_TEXT - 1).toWellFormed()}…` : shown;
}
