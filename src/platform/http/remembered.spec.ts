import { remembered } from './remembered.js';

describe('a function that remembers', () => {
  const asked: string[] = [];
  const length = remembered((text) => {
    asked.push(text);
    if (text === '') throw new Error('empty');
    return text.length;
  });
  afterEach(() => {
    asked.length = 0;
  });

  it('works once for each text', () => {
    expect([length('a'), length('bc'), length('a')]).toEqual([1, 2, 1]);
    expect(asked).toEqual(['a', 'bc']);
  });

  it('works again for a text that it threw at', () => {
    expect(() => length('')).toThrow('empty');
    expect(() => length('')).toThrow('empty');
  });

  it('keeps no long text, and no more than a hundred', () => {
    const long = 'x'.repeat(257);
    expect([length(long), length(long)]).toEqual([257, 257]);
    for (let number = 1_000; number < 1_100; number++) length(String(number));
    asked.length = 0;
    length('1099');
    length('a');
    expect(asked).toEqual(['a']);
  });
});
