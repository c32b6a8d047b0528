import { jest } from '@jest/globals';
import Negotiator from 'negotiator';
import { expectAccepted } from './negotiation.js';
import { Problem } from './problem.js';

describe('the one media type that a reply has', () => {
  it.each([undefined, '', '*/*', 'text/csv', 'text/*;q=0.1, text/csv;charset=utf-8'])(
    'is accepted by: %s',
    (accept) => {
      expect(() => {
        expectAccepted(accept, 'text/csv');
      }).not.toThrow();
    },
  );

  it.each(['text/html', 'text/csv;q=0, */*'])('is not accepted by: %s', (accept) => {
    expect(() => {
      expectAccepted(accept, 'text/csv');
    }).toThrow(new Problem('not-acceptable'));
  });

  it('is looked for once in each Accept, however often that comes', () => {
    const looked = jest.spyOn(Negotiator.prototype, 'mediaTypes');
    for (let time = 0; time < 3; time++)
      for (const mediaType of ['text/csv', 'text/html']) expectAccepted('text/*;q=0.5', mediaType);
    expect(looked).toHaveBeenCalledTimes(2);
  });
});
