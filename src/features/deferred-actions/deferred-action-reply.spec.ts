import { readDeferredAction, readPerformance } from './deferred-action-reply.js';

function reading(json: unknown) {
  return readDeferredAction({ kind: 'answered', status: 200, json, excerpt: '', requestId: null });
}

const ACTION_ID = { id: '0.0.0.1+-schedule+279774', uri: null };

describe('a billing reply', () => {
  it('passes on documented members only, nulls included', () => {
    expect(
      reading({
        actionId: { ...ACTION_ID, host: 'db1' },
        scheduledDate: 1613241000000,
        description: null,
        host: 'db1',
      }),
    ).toEqual({
      kind: 'success',
      reply: { actionId: ACTION_ID, scheduledDate: 1613241000000, description: null },
    });
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['an empty list', []],
    ['no action id', { scheduledDate: 1613241000000 }],
    ['an action id that is no reference', { actionId: '0.0.0.1+-schedule+279774' }],
    ['a member of another type', { actionId: ACTION_ID, actionStatus: 'Pending' }],
  ])('decides nothing from %s', (_, json) => {
    expect(reading(json)).toEqual({ kind: 'inconclusive', messages: [] });
  });

  it.each([
    ['an object', { errorCode: '70001', errorMessage: 'Bad date' }],
    ['a list', [{ errorCode: '70001', errorMessage: 'Bad date' }, 'noise']],
    ['an errorInfo', { errorInfo: { errorCode: '70001', errorMessage: 'Bad date' } }],
  ])('reads an error from %s', (_, json) => {
    expect(reading(json)).toEqual({
      kind: 'inconclusive',
      messages: [{ code: '70001', severity: null, text: 'Bad date' }],
    });
  });
});

describe('a reply to a performance', () => {
  it.each([
    [1, 'success'],
    [0, 'inconclusive'],
    [2, 'inconclusive'],
    [null, 'inconclusive'],
  ])('with status %j is read as %s', (actionStatus, kind) => {
    const json = { actionId: { id: '0.0.0.1+-schedule+1', uri: null }, actionStatus };
    expect(readPerformance({ kind: 'answered', status: 201, json, excerpt: '', requestId: null }).kind).toBe(
      kind,
    );
  });
});
