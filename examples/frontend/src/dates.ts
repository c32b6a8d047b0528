/** Billing's own zone, the gateway's BILLING_CARE_TIMEZONE with the same default: a day there begins at its midnight. */
export const BILLING_TIME_ZONE = (import.meta.env['VITE_BILLING_TIME_ZONE'] as string | undefined) ?? 'UTC';

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: BILLING_TIME_ZONE });
const plainDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const isoDay = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: BILLING_TIME_ZONE });
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const minute = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

type When = string | number | null | undefined;

/** The day in billing, such as "14 Feb 2021". */
export function billingDay(when: When): string {
  return when == null ? 'no date' : day.format(new Date(when));
}

/** The same as a date input has it, such as "2021-02-14". */
export function billingDate(when: When): string {
  return when == null ? '' : isoDay.format(new Date(when));
}

/** A day as a date input has it, for people: it is no moment, and the same day in every zone. */
export function typedDay(date: string): string {
  return plainDay.format(new Date(date));
}

/** The time of day where the reader is, to the second. */
export function timeOf(when: string): string {
  return clock.format(new Date(when));
}

/** The same to the minute. */
export function minuteOf(when: number): string {
  return minute.format(when);
}

export function momentOf(when: string): string {
  return moment.format(new Date(when));
}
