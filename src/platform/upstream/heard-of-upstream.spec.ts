import { HeardOfUpstream } from './heard-of-upstream.js';

describe('what calls tell of an upstream', () => {
  let now: number;
  let heard: HeardOfUpstream;
  beforeEach(() => {
    now = 100_000;
    heard = new HeardOfUpstream(() => now);
  });

  it('is nothing before there was one, also if one was broken off', () => {
    expect(heard.state).toBe('idle');
    heard.note('unheard');
    expect(heard.state).toBe('idle');
  });

  it.each<[number, number, string]>([
    [1, 0, 'ok'],
    [0, 1, 'failing'],
    [1, 1, 'failing'],
    [2, 1, 'ok'],
  ])('%i that went well and %i that failed: it is %s', (well, failed, state) => {
    for (let call = 0; call < failed; call++) heard.note('failed');
    for (let call = 0; call < well; call++) heard.note('well');
    expect(heard.state).toBe(state);
  });

  it('is what the last one told once all are older than 10 s', () => {
    heard.note('failed');
    heard.note('failed');
    heard.note('well');
    expect(heard.state).toBe('failing');
    now += 11_000;
    expect(heard.state).toBe('ok');
  });
});
