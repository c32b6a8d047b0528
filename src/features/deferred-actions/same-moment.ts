const DATE_ONLY = /^(\d{4})-(\d{2})-(\d{2})$/;

/**
 * Whether a date as it was sent is the moment that the billing system shows (epoch milliseconds, or a text).
 * A date without a time is midnight in the system's own zone.
 */
export function sameMoment(sent: unknown, seen: unknown, timeZone: string): boolean {
  const then = momentOf(sent, timeZone);
  return then !== undefined && then === momentOf(seen, timeZone);
}

/** Milliseconds since the epoch. */
function momentOf(value: unknown, timeZone: string): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const [, year, month, day] = DATE_ONLY.exec(value) ?? [];
  if (year !== undefined) return midnight(Number(year), Number(month), Number(day), timeZone);
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? undefined : moment;
}

/** The first moment of a day in a zone. */
function midnight(year: number, month: number, day: number, timeZone: string): number {
  const utc = Date.UTC(year, month - 1, day);
  const guess = utc - offsetAt(utc, timeZone);
  // The offset may differ between the guess and the moment it was made from.
  return utc - offsetAt(guess, timeZone);
}

/** How far a zone's clocks are ahead of UTC at a moment, ms. */
function offsetAt(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const part = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((candidate) => candidate.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(moment / 1_000) * 1_000;
}
