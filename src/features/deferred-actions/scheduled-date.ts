import { ValidateBy } from 'class-validator';

// RFC 3339 section 5.6, upper case. The billing system knows no leap second.
const DATE = String.raw`(\d{4})-(\d{2})-(\d{2})`;
const TIME = String.raw`T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)`;
const CALENDAR_DATE = new RegExp(`^${DATE}$`);
const DATE_TIME = new RegExp(`^${DATE}${TIME}$`);
/** The furthest that a JavaScript date reaches, ms (ECMA-262, time values). */
export const FURTHEST_MS = 8.64e15;

/** Whether the value is a date that exists: a calendar date, an RFC 3339 date-time, or epoch milliseconds. */
export function isScheduledDate(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) <= FURTHEST_MS;
  if (typeof value !== 'string') return false;
  const [, year, month, day] = CALENDAR_DATE.exec(value) ?? DATE_TIME.exec(value) ?? [];
  return year !== undefined && dayExists(Number(year), Number(month), Number(day));
}

function dayExists(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  // The zeroth day of the next month is the last one of this. `setUTCFullYear` takes years below 100 as they are.
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return day <= last.getUTCDate();
}

/** The value that an XML element's text stands for: epoch milliseconds are a number, as in JSON. */
export function scheduledDateOf(text: string): string | number {
  return /^-?(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : text;
}

/** The property is a date as the billing system takes it. */
export function IsScheduledDate(): PropertyDecorator {
  return ValidateBy({
    name: 'isScheduledDate',
    validator: {
      validate: isScheduledDate,
      defaultMessage: () =>
        'must be a date that exists (2021-02-14), an RFC 3339 date-time (2021-02-14T09:30:00+05:30) or epoch milliseconds',
    },
  });
}
