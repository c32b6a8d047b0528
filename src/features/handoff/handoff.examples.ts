import { Problem } from '../../platform/http/problem.js';
import { idProblems, writeProblems } from '../../platform/openapi/documented-problems.js';

/** What the OpenAPI document shows. */
export const REFERENCE = 'HO123';

export const STATUS_UPDATES = {
  succeeded: {
    summary: 'The handoff succeeded',
    value: { handoffRefNumber: REFERENCE, handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9' },
  },
  failed: {
    summary: 'The handoff failed',
    value: {
      handoffRefNumber: REFERENCE,
      handoffStatus: 'FAILED',
      handoffExtRefNo: 'EXT-9',
      errorCode: 'BO-0042',
      errorDescription: 'The back office did not know the customer',
      remarks: 'To be retried by hand',
    },
  },
};

export const UPDATED = {
  data: {},
  messages: {
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
    httpStatusCode: 'OK',
    keyId: REFERENCE,
    overrideAuthLevelsReqd: null,
    requestId: 'r1',
  },
};

const rejected = { system: 'lending', status: 200, requestId: 'r1' };

export const UPDATE_PROBLEMS = [
  ...idProblems('A handoff reference matches ^[A-Za-z0-9_-]{1,64}$.', '#/handoffRefNumber', REFERENCE),
  ...writeProblems({
    ...rejected,
    messages: [{ code: 'XXX-COM-001', severity: 'E', text: 'Record does not exist' }],
  }),
  new Problem('override-required', {
    outcome: 'rejected',
    upstream: { ...rejected, messages: [{ code: 'XXX-OVR-01', severity: 'O', text: 'Override needed' }] },
  }),
  new Problem('upstream-credentials-refused', {
    outcome: 'rejected',
    upstream: { ...rejected, status: 401, messages: [] },
  }),
];
