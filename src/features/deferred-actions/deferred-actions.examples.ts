import { idProblems, writeProblems } from '../../platform/openapi/documented-problems.js';
import { ID_ADVICE } from './deferred-action-id.js';

/** What the OpenAPI document shows. */
export const ACTION_ID = '0.0.0.1+-schedule+255194';

export const MODIFICATIONS = {
  reschedule: { summary: 'Change the date', value: { scheduledDate: '2021-02-14' } },
  everything: {
    summary: 'Set every field',
    value: {
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
    },
  },
};

/** The reference's own example: the reply names another id than the one that was asked for. */
export const MODIFIED = {
  extension: null,
  actionId: { id: '0.0.0.1+-schedule+279774', uri: null },
  actionName: null,
  serviceId: null,
  serviceType: null,
  scheduledDate: 1613241000000,
  serviceLogin: null,
  description: null,
  isCollectionsAction: null,
  actionStatus: 0,
};

export const MODIFY_PROBLEMS = [
  ...idProblems(ID_ADVICE, '#/actionId/id', ACTION_ID),
  ...writeProblems({
    system: 'billing',
    status: 422,
    requestId: null,
    messages: [{ code: 'ERR-17', severity: null, text: 'The action is not pending' }],
  }),
];
