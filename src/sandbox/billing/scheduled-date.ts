import { zoneMidnight } from './zone-midnight.js';

const dateOnly = /^(\d{4})-(\d{2})-(\d{2})$/;
// RFC 3339 section 5.6
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;
const epochMs = /^-?\d{1,15}$/;

/**
 * Reads a scheduled date as epoch milliseconds, the shape in which billing gives it back. A date without a time is
 * midnight in the server's zone, not in UTC.
 * @param value `2021-02-14`, an RFC 3339 date-time, or epoch milliseconds (in XML as text)
 * @returns undefined for anything else, also for a day that no calendar has
 */
export function readScheduledDate(value: unknown, zone: string): number | undefined {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? value : undefined;
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  if (epochMs.test(value)) {
    return Number(value);
  }
  const [, year, month, day] = dateOnly.exec(value.slice(0, 10)) ?? [];
  if (!isDay(Number(year), Number(month), Number(day))) {
    return undefined;
  }
  if (dateOnly.test(value)) {
    return zoneMidnight(Number(year), Number(month), Number(day), zone);
  }
  const instant = dateTime.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(instant) ? undefined : instant;
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
