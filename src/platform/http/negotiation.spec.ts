import { problemFormat, replyFormat } from './negotiation.js';
import { Problem } from './problem.js';

type Told = 'json' | 'xml' | 'not-acceptable';

function reply(accept: string | undefined): Told {
  try {
    return replyFormat(accept);
  } catch (error) {
    if (error instanceof Problem && error.code === 'not-acceptable') return error.code;
    throw error;
  }
}

describe('the Accept header', () => {
  it.each<[accept: string | undefined, reply: Told, problem: Told]>([
    [undefined, 'json', 'json'],
    ['*/*', 'json', 'json'],
    ['application/*', 'json', 'json'],
    ['application/json', 'json', 'json'],
    ['application/xml', 'xml', 'xml'],
    ['APPLICATION/XML', 'xml', 'xml'],
    ['application/xml, application/json', 'xml', 'xml'],
    ['application/xml;q=0.5, application/json', 'json', 'json'],
    ['application/json;q=0.5, application/xml;q=0.6', 'xml', 'xml'],
    ['text/html, application/xml;q=0.9, */*;q=0.8', 'xml', 'xml'],
    ['application/json;q=0, */*', 'xml', 'json'],
    ['application/xml;q=0, application/*', 'json', 'json'],
    ['application/json;charset=utf-8', 'json', 'json'],
    ['application/xml; charset="UTF-8"; q=0.9, text/plain', 'xml', 'xml'],
    ['application/json;charset=iso-8859-1', 'not-acceptable', 'json'],
    ['application/json;q=0, application/xml;q=0', 'not-acceptable', 'json'],
    ['*/*;q=0', 'not-acceptable', 'json'],
    ['text/html', 'not-acceptable', 'json'],
    ['text/xml', 'not-acceptable', 'json'],
    ['application/problem+xml', 'not-acceptable', 'xml'],
    ['application/problem+json, application/xml', 'xml', 'json'],
    ['no media type', 'not-acceptable', 'json'],
  ])('%s: a reply is %s, a problem is %s', (accept, forReply, forProblem) => {
    expect([reply(accept), problemFormat(accept)]).toEqual([forReply, forProblem]);
  });
});
