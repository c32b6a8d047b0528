import { readTracestate } from './tracestate.js';

const keys = (count: number): string => Array.from({ length: count }, (_, index) => `k${index}=v`).join(',');

describe('of a tracestate', () => {
  it.each([
    ['the example of the specification', 'rojo=00f067aa0ba902b7,congo=t61rcWkgMzE', undefined],
    ['a member of a tenant', '0tenant@vendor=a b', undefined],
    ['all 32 members', keys(32), undefined],
    ['everything but blanks and empty members', ' a=1 ,, \tb=2\t,', 'a=1,b=2'],
  ])('%s is passed on', (_what, header, written = header) => {
    expect(readTracestate(header)).toBe(written);
  });

  it.each([
    ['that is empty', ' , '],
    ['without a value', 'a=1,b='],
    ['without a key', '=1'],
    ['with an upper-case key', 'A=1'],
    ['with a key that begins with a digit', '1a=1'],
    ['with two equal keys', 'a=1,b=2,a=3'],
    ['with a second equals sign', 'a=1=2'],
    ['with a control', 'a=1\u0001'],
    ['with a letter that is not ASCII', 'a=é'],
    ['with too long a key', `${'k'.repeat(257)}=v`],
    ['with too many members', keys(33)],
    ['that is too long', `a=${'v'.repeat(255)},b=${'v'.repeat(255)}`],
  ])('nothing is, of one %s', (_what, header) => {
    expect(readTracestate(header)).toBeUndefined();
  });
});
