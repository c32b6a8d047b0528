import { ApiParam } from '@nestjs/swagger';
import { Problem } from '../../platform/http/problem.js';
import {
  BODY_PROBLEMS,
  idMismatch,
  invalidId,
  readProblems,
  writeProblems,
  type DocumentedProblem,
} from '../../platform/openapi/documented-problems.js';
import { HANDOFF_REF_CHARACTERS } from './handoff-ref.js';
import { HANDOFF_PATH } from './lending-system.js';

/** What the OpenAPI document shows. */
export const REFERENCE = 'HO123';

/** States the path parameter that every operation on one handoff has. */
export const TakesReference = (): MethodDecorator =>
  ApiParam({
    name: 'handoffRefNo',
    description:
      'The handoff reference number. Letters, digits, `_` and `-`, at most 64, unless the operator has set another pattern.',
    schema: { type: 'string', pattern: HANDOFF_REF_CHARACTERS, example: REFERENCE },
  });

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

const HANDOFF = {
  applicationNumber: 'APP0001',
  handoffRefNumber: REFERENCE,
  branchCode: '000',
  handoffExtSystem: 'OBCL',
  handoffStatus: 'Pending',
  handoffType: 'Facility',
  processCode: 'CLORG',
  reqBy: 'MIDOFFICE',
  reqTs: '2021-02-01T09:30:00.000Z',
  resCallbackEnabled: 'Y',
  stagecode: 'HANDOFF',
  stageUpdateReqd: 'Y',
};

export const HANDOFFS = {
  facility: { summary: 'Hand off a facility', value: HANDOFF },
  least: {
    summary: 'Only what is required',
    value: { applicationNumber: 'APP0001', handoffRefNumber: REFERENCE },
  },
};

function envelope(code: string, desc: string, data: object, httpStatusCode = 'OK') {
  return {
    data,
    messages: {
      status: 'SUCCESS',
      codes: [{ arg: null, Code: code, Desc: desc, Type: 'I', Language: 'ENG', error: false }],
      httpStatusCode,
      keyId: REFERENCE,
      overrideAuthLevelsReqd: null,
      requestId: 'r1',
    },
  };
}

const RETRIEVED = ['XXX-INQ-001', 'Record Successfully Retrieved'] as const;

export const DETAILS = envelope(...RETRIEVED, HANDOFF);
export const STATUSES = envelope(...RETRIEVED, [
  { handoffRefNumber: REFERENCE, handoffStatus: 'SUCCESS', handoffExtRefNo: 'EXT-9' },
]);
export const UPDATED = envelope('XXX-MOD-001', 'Record Successfully Modified', {});
export const CREATED = envelope('XXX-CRT-001', 'Record Successfully Created', HANDOFF, 'CREATED');

export const LOCATION = {
  Location: {
    description: 'Where the handoff can be read, at this gateway.',
    schema: { type: 'string' as const, format: 'uri-reference' },
    example: `${HANDOFF_PATH}/${REFERENCE}`,
  },
};

const refused = {
  system: 'lending',
  status: 200,
  requestId: 'r1',
  messages: [{ code: 'XXX-COM-001', severity: 'E', text: 'Record does not exist' }],
};
const INVALID_REFERENCE = invalidId('A handoff reference matches ^[A-Za-z0-9_-]{1,64}$.');
const CREDENTIALS_REFUSED = { upstream: { ...refused, status: 401, messages: [] } };
const OVERRIDE_NEEDED = {
  upstream: { ...refused, messages: [{ code: 'XXX-OVR-01', severity: 'O', text: 'Override needed' }] },
};

export const READ_PROBLEMS: readonly DocumentedProblem[] = [
  INVALID_REFERENCE,
  ...readProblems(refused),
  new Problem('override-required', OVERRIDE_NEEDED),
  new Problem('upstream-credentials-refused', CREDENTIALS_REFUSED),
];

export const CREATE_PROBLEMS: readonly DocumentedProblem[] = [
  ...BODY_PROBLEMS,
  ...writeProblems({
    ...refused,
    messages: [{ code: 'XXX-COM-002', severity: 'E', text: 'Record already exists' }],
  }),
  new Problem('override-required', { outcome: 'rejected', ...OVERRIDE_NEEDED }),
  new Problem('upstream-credentials-refused', { outcome: 'rejected', ...CREDENTIALS_REFUSED }),
];

export const UPDATE_PROBLEMS: readonly DocumentedProblem[] = [
  INVALID_REFERENCE,
  idMismatch('#/handoffRefNumber', REFERENCE),
  ...BODY_PROBLEMS,
  ...writeProblems(refused),
  new Problem('override-required', { outcome: 'rejected', ...OVERRIDE_NEEDED }),
  new Problem('upstream-credentials-refused', { outcome: 'rejected', ...CREDENTIALS_REFUSED }),
];
