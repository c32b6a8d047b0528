/**
 * The instant, in epoch milliseconds, at which a calendar day begins in an IANA time zone.
 * @param month 1 to 12
 */
export function zoneMidnight(year: number, month: number, day: number, zone: string): number {
  const asIfUtc = Date.UTC(year, month - 1, day);
  // The offset belongs to the instant looked for, so the first guess's offset is checked at its own result.
  const guess = asIfUtc - zoneOffset(asIfUtc, zone);
  const settled = asIfUtc - zoneOffset(guess, zone);
  // Where the clocks go forward at midnight there is none: the day begins with the later of the two.
  return zoneOffset(settled, zone) === zoneOffset(guess, zone) ? settled : Math.max(guess, settled);
}

/** Milliseconds by which the zone's clocks are ahead of UTC at an instant. */
function zoneOffset(epochMs: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(epochMs);
  const read = (type: Intl.DateTimeFormatPartTypes): number =>
    Number(parts.find((part) => part.type === type)?.value);
  const wallClock = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  );
  return wallClock - Math.floor(epochMs / 1000) * 1000;
}

/** Whether this runtime knows the zone. */
export function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
