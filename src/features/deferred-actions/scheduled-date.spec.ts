import { isScheduledDate, scheduledDateOf } from './scheduled-date.js';

describe('a scheduled date', () => {
  it.each([
    '2021-02-14',
    '2024-02-29',
    '0001-01-01',
    '2021-02-14T09:30:00Z',
    '2021-02-14T09:30:00.123456789+05:30',
    1613241000000,
    0,
    -1,
  ])('may be %s', (value) => {
    expect(isScheduledDate(value)).toBe(true);
  });

  it.each([
    '2021-02-30',
    '2023-02-29',
    '1900-02-29',
    '2021-13-01',
    '2021-00-10',
    '2021-01-00',
    '2021-2-14',
    '2021-02-14T24:00:00Z',
    '2021-02-14T23:59:60Z',
    '2021-02-14T09:30:00',
    '2021-02-30T09:30:00Z',
    '2021-02-14T09:30Z',
    '2021-02-14 09:30:00Z',
    '14.02.2021',
    '1613241000000',
    '',
    1.5,
    8.64e15 + 1,
    NaN,
    true,
    {},
  ])('may not be %s', (value) => {
    expect(isScheduledDate(value)).toBe(false);
  });

  it.each([
    ['1613241000000', 1613241000000],
    ['-1', -1],
    ['01', '01'],
    ['1e3', '1e3'],
    ['2021-02-14', '2021-02-14'],
  ])('in XML, %s stands for the same value as in JSON', (text, value) => {
    expect(scheduledDateOf(text)).toBe(value);
  });
});
