import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiParam } from '@nestjs/swagger';
import {
  BODY_PROBLEMS,
  idMismatch,
  invalidId,
  readProblems,
  writeProblems,
  type DocumentedProblem,
} from '../../platform/openapi/documented-problems.js';
import { TakesIdempotencyKey } from '../../platform/openapi/takes-header.js';
import { BILLING_ID, ID_ADVICE } from './billing-id.js';

/** What the OpenAPI document shows. */
export const ACTION_ID = '0.0.0.1+-schedule+255194';
const ACCOUNT_ID = '0.0.0.1+-account+123123';
const PLUS = 'Its `+` may be sent as it is or as `%2B`.';

/** States the parameters that every write to one action has. */
export const ChangesAction = (): MethodDecorator =>
  applyDecorators(
    ApiParam({
      name: 'id',
      description: `The id of the action, as the billing system shows it. ${PLUS}`,
      schema: { type: 'string', ...BILLING_ID, example: ACTION_ID },
    }),
    TakesIdempotencyKey(),
    ApiHeader({
      name: 'Account-Id',
      required: false,
      description:
        "The account of the action: a write whose reply is lost is looked for in its account's list. Not needed if this gateway has listed the account's actions before.",
      schema: { type: 'string', ...BILLING_ID, example: ACCOUNT_ID },
    }),
  );

/** States the path parameter of the account whose actions are listed. */
export const NamesAccount = (): MethodDecorator =>
  ApiParam({
    name: 'accountId',
    description: `The id of the account, as the billing system shows it. ${PLUS}`,
    schema: { type: 'string', ...BILLING_ID, example: ACCOUNT_ID },
  });

const ACTION = {
  actionId: { id: ACTION_ID, uri: 'https://billing.example/schedule/255194' },
  actionName: 'Inactivate service',
  actionStatus: 0,
  description: 'Agreed with the customer',
  extension: { ticket: 'T-100', copies: 2 },
  isCollectionsAction: false,
  scheduledDate: '2021-02-14T09:30:00+05:30',
  serviceId: { id: '0.0.0.1+-service-telco-gsm+123456' },
  serviceLogin: '919900112233',
  serviceType: '/service/telco/gsm',
};

export const MODIFICATIONS = {
  reschedule: { summary: 'Change the date', value: { scheduledDate: '2021-02-14' } },
  everything: { summary: 'Set every field', value: ACTION },
};

const UNCHANGED = {
  extension: null,
  actionId: { id: ACTION_ID, uri: null },
  actionName: null,
  serviceId: null,
  serviceType: null,
  scheduledDate: null,
  serviceLogin: null,
  description: null,
  isCollectionsAction: null,
};

/** The reference's own example: the reply names another id than the one that was asked for. */
export const MODIFIED = {
  ...UNCHANGED,
  actionId: { id: '0.0.0.1+-schedule+279774', uri: null },
  scheduledDate: 1613241000000,
  actionStatus: 0,
};
export const LISTED = [{ ...UNCHANGED, ...ACTION, scheduledDate: 1613241000000 }];
export const PERFORMED = { ...UNCHANGED, actionStatus: 1 };

const refused = {
  system: 'billing',
  status: 422,
  requestId: null,
  messages: [{ code: 'ERR-17', severity: null, text: 'The action is not pending' }],
};

export const LIST_PROBLEMS: readonly DocumentedProblem[] = [invalidId(ID_ADVICE), ...readProblems(refused)];
export const CHANGE_PROBLEMS: readonly DocumentedProblem[] = [
  invalidId(ID_ADVICE),
  'unsupported-media-type',
  ...writeProblems(refused),
];
export const MODIFY_PROBLEMS: readonly DocumentedProblem[] = [
  idMismatch('#/actionId/id', ACTION_ID),
  ...BODY_PROBLEMS,
  ...CHANGE_PROBLEMS,
];
