import type { Answer } from '../../platform/upstream/upstream-client.js';
import { readHandoffEnvelope } from './handoff-envelope.js';

const read = (answer: Answer) => readHandoffEnvelope(answer, ['XXX-COM-009']);

function anAnswer(json: unknown): Answer {
  return { kind: 'answered', status: 200, json, excerpt: '', requestId: null };
}

const SUCCESS = {
  data: {},
  messages: {
    keyId: 'HO123',
    status: 'SUCCESS',
    codes: [
      {
        arg: null,
        Code: 'XXX-MOD-001',
        Desc: 'Record Successfully Modified',
        Type: 'I',
        Language: 'ENG',
        error: false,
      },
    ],
    requestId: 'r1',
    httpStatusCode: 'OK',
    overrideAuthLevelsReqd: null,
  },
};
const FAILURE_IN_200 = {
  data: null,
  messages: {
    keyId: null,
    status: 'FAILURE',
    codes: [{ code: 'XXX-COM-001', desc: 'Record does not exist', type: 'E', language: 'EN' }],
    requestId: '',
    httpStatusCode: 'INTERNAL_SERVER_ERROR',
    overrideAuthLevelsReqd: '',
  },
};
const AS_THE_REFERENCE_SAYS = {
  data: {},
  messages: {
    codes: 'string',
    httpStatusCode: [
      { code: 'c', desc: 'd', error: 'e', info: 'i', language: 'EN', override: 'N', type: 'E' },
    ],
    keyId: 'k',
    overrideAuthLevelsReqd: '',
    requestId: 'r',
    status: 'FAILURE',
  },
};
const OVERRIDE_NEEDED = {
  data: {},
  messages: {
    status: 'WARNING',
    codes: [{ Code: 'XXX-OVR-01', Desc: 'Override needed', Type: 'O' }],
    httpStatusCode: null,
    overrideAuthLevelsReqd: '1',
  },
};
const NO_ENVELOPE = { timestamp: 1650000000000, status: 401, error: 'Unauthorized', path: '/..' };

describe('the handoff envelope', () => {
  it.each([
    ['E', 'failure'],
    ['O', 'override'],
  ])('is judged by a code of type %s behind any number of notes, of which few are shown', (Type, kind) => {
    const notes = Array.from({ length: 40 }, () => ({ Code: 'XXX-NOTE', Type: 'I' }));
    const codes = [...notes, { Code: 'XXX-LAST', Type }];
    const reading = read(anAnswer({ data: {}, messages: { status: 'SUCCESS', codes } }));
    expect(reading).toMatchObject({ kind, messages: { length: 20 } });
  });

  it('is read with upper-case names, and passes through as it came (F1)', () => {
    expect(read(anAnswer(SUCCESS))).toEqual({ kind: 'success', reply: SUCCESS });
  });

  it('is a failure inside HTTP 200, with lower-case names (F2)', () => {
    expect(read(anAnswer(FAILURE_IN_200))).toEqual({
      kind: 'failure',
      messages: [{ code: 'XXX-COM-001', severity: 'E', text: 'Record does not exist' }],
      requestId: null,
    });
  });

  it.each([
    ['a configured code', 200, 'XXX-COM-009'],
    ['HTTP 404', 404, 'XXX-COM-001'],
  ])('says by %s that there is no such record', (_, status, code) => {
    const json = { data: null, messages: { status: 'FAILURE', codes: [{ code, type: 'E' }] } };
    expect(read({ ...anAnswer(json), status })).toMatchObject({ kind: 'absent' });
  });

  it('is read exactly as the reference says, codes under httpStatusCode (F3)', () => {
    expect(read(anAnswer(AS_THE_REFERENCE_SAYS))).toEqual({
      kind: 'failure',
      messages: [{ code: 'c', severity: 'E', text: 'd' }],
      requestId: 'r',
    });
  });

  it('asks for an override (F4)', () => {
    expect(read(anAnswer(OVERRIDE_NEEDED))).toMatchObject({
      kind: 'override',
      messages: [{ code: 'XXX-OVR-01', severity: 'O', text: 'Override needed' }],
    });
  });

  it.each([
    ['a reply that is no envelope (F5)', NO_ENVELOPE],
    ['a reply that is no JSON', undefined],
    ['a list', []],
    ['messages that are a text', { data: {}, messages: 'SUCCESS' }],
    ['a status that nobody knows', { data: {}, messages: { status: 'OK' } }],
    ['no status', { data: {}, messages: { codes: [{ code: 'XXX-MOD-001', type: 'I' }] } }],
  ])('decides nothing from %s', (_, json) => {
    expect(read(anAnswer(json)).kind).toBe('inconclusive');
  });

  it.each([
    ['an error code beside SUCCESS', { status: 'SUCCESS', codes: [{ code: 'X', type: 'E' }] }, 'failure'],
    ['FAILURE without a code', { status: 'FAILURE', codes: null }, 'failure'],
    ['FAILURE in lower case', { status: 'failure' }, 'failure'],
    ['FAILURE that only an override would lift', { status: 'FAILURE', codes: [{ type: 'O' }] }, 'override'],
    ['an error beside an override', { status: 'FAILURE', codes: [{ type: 'O' }, { type: 'E' }] }, 'failure'],
    ['override levels without a code', { status: 'WARNING', overrideAuthLevelsReqd: ['2'] }, 'override'],
    ['no override levels', { status: 'WARNING', overrideAuthLevelsReqd: [] }, 'success'],
    ['a warning', { status: 'WARNING' }, 'success'],
  ])('reads %s', (_, messages, kind) => {
    expect(read(anAnswer({ data: {}, messages })).kind).toBe(kind);
  });

  it('passes on documented members only', () => {
    const reading = read(
      anAnswer({ DATA: { a: 1 }, stackTrace: 'at …', messages: { Status: 'SUCCESS', host: 'db1.internal' } }),
    );
    expect(reading).toEqual({ kind: 'success', reply: { data: { a: 1 }, messages: { status: 'SUCCESS' } } });
  });

  it('shortens texts and takes control characters out of them', () => {
    const codes = [{ code: 'X\u0007Y', desc: 'é'.repeat(600), type: 'E' }];
    const reading = read(anAnswer({ messages: { status: 'FAILURE', codes } }));
    expect(reading).toMatchObject({ messages: [{ code: 'X Y', text: `${'é'.repeat(499)}…` }] });
  });
});
