import { BILLING_TIME_ZONE, billingDate, billingDay, typedDay } from '../dates.js';
import { code, h } from '../dom.js';
import { Field } from '../fields.js';
import { gateway } from '../gateway.js';
import { failureBox } from '../problem-view.js';
import { link, type View, type Visit } from '../router.js';
import { writeForm } from '../write-form.js';
import { ACTIONS, RESCHEDULE } from './patterns.js';

function show({ parameters: [account = '', id = ''], signal }: Visit): HTMLElement {
  const now = h('div', {}, lead('Asking billing…'));
  const date = new Field({
    name: 'scheduledDate',
    label: 'New day',
    hint: `A day of billing: it begins at midnight in ${BILLING_TIME_ZONE}.`,
    type: 'date',
    required: true,
  });
  const load = async (): Promise<void> => {
    const { data, error } = await gateway
      .GET('/bcws/webresources/v1.0/deferredactions/account/{accountId}', {
        params: { path: { accountId: account } },
      })
      .catch((cause: unknown) => ({ data: undefined, error: cause }));
    if (signal.aborted) return;
    const action = data?.find(({ actionId }) => actionId?.id === id);
    if (action !== undefined) {
      now.replaceChildren(
        lead(
          h('strong', {}, action.actionName ?? 'The action'),
          ' is scheduled for ',
          h('strong', {}, billingDay(action.scheduledDate)),
          '.',
        ),
      );
      date.begin(billingDate(action.scheduledDate));
    } else if (data !== undefined) {
      now.replaceChildren(lead('Billing does not list this action for the account any more.'));
    } else {
      now.replaceChildren(failureBox(error, () => void load()));
    }
  };
  void load();
  return h(
    'div',
    { class: 'narrow' },
    now,
    h('p', { class: 'fine' }, code(id)),
    writeForm({
      fields: [date],
      submit: 'Reschedule',
      cancel: link(ACTIONS, account),
      signal,
      write() {
        const body = { scheduledDate: date.value ?? '' };
        return {
          operation: 'deferred-action.modify',
          resource: id,
          body,
          send: (key) =>
            gateway.PUT('/bcws/webresources/v1.0/deferredactions/{id}', {
              // With the account the gateway can look at the action later, if the reply is lost.
              params: { path: { id }, header: { 'Idempotency-Key': key, 'Account-Id': account } },
              body,
            }),
        };
      },
      changed: () => void load(),
      done: () => `Rescheduled to ${typedDay(date.value ?? '')}`,
    }),
  );
}

function lead(...children: readonly (Node | string)[]): HTMLElement {
  return h('p', { class: 'lead' }, ...children);
}

export const reschedule: View = { pattern: RESCHEDULE, title: 'Reschedule an action', show };
