import { readTraceparent } from './traceparent.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

describe('of a traceparent', () => {
  it.each([
    ['the example of the specification', `00-${TRACE}-${SPAN}-01`, true],
    ['one that is not exported', `00-${TRACE}-${SPAN}-00`, false],
    ['flags that only a later version knows', `00-${TRACE}-${SPAN}-fe`, false],
    ['them all', `00-${TRACE}-${SPAN}-ff`, true],
    ['a later version', `01-${TRACE}-${SPAN}-01`, true],
    ['a later version that says more', `cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, true],
    ['the last version there can be', `fe-${TRACE}-${SPAN}-01-`, true],
  ])('%s is read', (_what, header, sampled) => {
    expect(readTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
  });

  it.each([
    ['nothing', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['an upper-case version', `FE-${TRACE}-${SPAN}-01`],
    ['a version of one digit', `0-${TRACE}-${SPAN}-01`],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span id of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['an upper-case trace id', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['a short trace id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long trace id', `00-${TRACE}0-${SPAN}-01`],
    ['no hex digits', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
    ['an upper-case span id', `00-${TRACE}-${SPAN.toUpperCase()}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['half of the flags', `00-${TRACE}-${SPAN}-1`],
    ['flags that are none', `00-${TRACE}-${SPAN}-.1`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
    ['a dash too many', `00-${TRACE}-${SPAN}-01-`],
    ['more without a dash', `01-${TRACE}-${SPAN}-01more`],
    ['underscores', `00_${TRACE}_${SPAN}_01`],
    ['a line break', `00-${TRACE}-${SPAN}-01\n`],
    ['a blank before it', ` 00-${TRACE}-${SPAN}-01`],
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['two of a later version', `01-${TRACE}-${SPAN}-01-a, 01-${TRACE}-${SPAN}-01-b`],
  ])('%s is as good as none', (_what, header) => {
    expect(readTraceparent(header)).toBeUndefined();
  });
});
