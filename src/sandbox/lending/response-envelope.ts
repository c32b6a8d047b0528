import { randomUUID } from 'node:crypto';

import type { Json } from '../json.js';
import type { Reply } from '../upstream/route.js';

const root = 'ResponseDtoWrapper';

/** What a failure says in `messages.httpStatusCode`; inside HTTP 200 it contradicts the real status. */
const statusNames = {
  200: 'INTERNAL_SERVER_ERROR',
  400: 'BAD_REQUEST',
  405: 'METHOD_NOT_ALLOWED',
} as const;

type FailureStatus = keyof typeof statusNames;

/** A SUCCESS envelope, with the upper-case member names that real replies show. */
export function success(status: 200 | 201, keyId: string, code: string, desc: string, data: Json): Reply {
  const codes = [{ arg: null, Code: code, Desc: desc, Type: 'I', Language: 'ENG', error: false }];
  return envelope(status, {
    data,
    messages: {
      keyId,
      status: 'SUCCESS',
      codes,
      requestId: randomUUID(),
      httpStatusCode: status === 201 ? 'CREATED' : 'OK',
      overrideAuthLevelsReqd: null,
    },
  });
}

/** A FAILURE envelope, with lower-case names; inside HTTP 200 unless another status is given. */
export function failure(code: string, desc: string, status: FailureStatus = 200): Reply {
  return envelope(status, {
    data: null,
    messages: {
      keyId: null,
      status: 'FAILURE',
      codes: [{ code, desc, type: 'E', language: 'EN' }],
      requestId: '',
      httpStatusCode: statusNames[status],
      overrideAuthLevelsReqd: '',
    },
  });
}

/** The WARNING by which the upstream asks for a supervisor's approval; nothing was changed. */
export function overrideNeeded(): Reply {
  return envelope(200, {
    data: {},
    messages: {
      status: 'WARNING',
      codes: [{ Code: 'SBX-OVR-01', Desc: 'Override needed', Type: 'O' }],
      httpStatusCode: null,
      overrideAuthLevelsReqd: '1',
    },
  });
}

function envelope(status: number, content: Json): Reply {
  return { status, headers: { 'x-oracle-dms-ecid': randomUUID() }, document: { root, content } };
}
