import { sameMoment } from './same-moment.js';

describe('a date that was sent and the moment that is seen', () => {
  it.each([
    ['2021-02-14', 1613241000000, 'Asia/Kolkata'],
    ['2021-02-14', 1613260800000, 'UTC'],
    ['2021-03-14', 1615708800000, 'America/Los_Angeles'],
    ['2021-02-14T00:00:00+05:30', 1613241000000, 'UTC'],
    [1613241000000, 1613241000000, 'UTC'],
    ['2021-02-14', '2021-02-13T18:30:00Z', 'Asia/Kolkata'],
  ])('%s is %s in %s', (sent, seen, zone) => {
    expect(sameMoment(sent, seen, zone)).toBe(true);
  });

  it.each([
    ['2021-02-14', 1613241000000, 'UTC'],
    ['2021-02-14', null, 'UTC'],
    ['soon', 'soon', 'UTC'],
    [undefined, undefined, 'UTC'],
  ])('%s is not %s in %s', (sent, seen, zone) => {
    expect(sameMoment(sent, seen, zone)).toBe(false);
  });
});
