import { losesDigits, parseKeepingDigits } from './raw-number.js';

describe('a JSON number', () => {
  it.each([
    '0',
    '-0',
    '0.0',
    '0e999',
    '1',
    '-1.5',
    '1.50',
    '1500',
    '1.5e3',
    '15E+2',
    '0.1',
    '1e-7',
    '1e21',
    '5e-324',
    '123456789012345',
    '-12345678901234.5',
    '0.00000000000001',
    '1000000000000000000000',
  ])('keeps its digits as a double: %s', (literal) => {
    expect(losesDigits(literal)).toBe(false);
  });

  it.each([
    '9007199254740993',
    '-9007199254740993',
    '1234567890123456.7',
    '0.12345678901234567',
    '0.1000000000000000055',
    '1e400',
    '-1e400',
    '1e-400',
    '12345678901234567890',
  ])('would lose digits as a double: %s', (literal) => {
    expect(losesDigits(literal)).toBe(true);
  });

  it('is looked at once, however many zeros it has', () => {
    const begun = performance.now();
    expect(losesDigits(`1${'0'.repeat(60_000)}1`)).toBe(true);
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it.each(['[9007199254740993]', '{"a":{"b":1e400}}', '[0.1,-1.5,true,null,"9007199254740993"]'])(
    'is written with the digits it was read with: %s',
    (text) => {
      expect(JSON.stringify(parseKeepingDigits(text))).toBe(text);
    },
  );
});
