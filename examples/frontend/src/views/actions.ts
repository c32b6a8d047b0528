import { BILLING_TIME_ZONE, billingDay } from '../dates.js';
import { code, h } from '../dom.js';
import { Field } from '../fields.js';
import { gateway, type DeferredAction } from '../gateway.js';
import { failureBox } from '../problem-view.js';
import { link, type View, type Visit } from '../router.js';
import { ACTIONS, RESCHEDULE, START } from './patterns.js';

/** An account that the sandbox has. */
const EXAMPLE_ACCOUNT = '0.0.0.1+-account+123123';

const STATES = ['Pending', 'Done', 'Error', 'Pending, cannot be deleted'];

function show({ parameters: [account], session, signal }: Visit): HTMLElement {
  const field = new Field({
    name: 'accountId',
    label: 'Account',
    value: account ?? EXAMPLE_ACCOUNT,
    required: true,
    isCode: true,
  });
  const list = h('div', { class: 'result', 'aria-live': 'polite' });
  const mayChange = session.operations.includes('deferred-action.modify');
  const load = async (id: string): Promise<void> => {
    list.replaceChildren(h('p', { class: 'fine' }, 'Asking billing…'));
    const { data, error } = await gateway
      .GET('/bcws/webresources/v1.0/deferredactions/account/{accountId}', {
        params: { path: { accountId: id } },
      })
      .catch((cause: unknown) => ({ data: undefined, error: cause }));
    if (signal.aborted) return;
    list.replaceChildren(
      data === undefined ? failureBox(error, () => void load(id)) : table(id, data, mayChange),
    );
  };
  if (account !== undefined) void load(account);
  return h(
    'div',
    {},
    h('p', { class: 'lead' }, 'What billing is going to do for an account, and when.'),
    h(
      'form',
      {
        class: 'inline',
        submit: (event) => {
          event.preventDefault();
          const id = field.value;
          if (id === undefined) field.focus();
          else if (id === account) void load(id);
          else location.hash = link(ACTIONS, id);
        },
      },
      field.element,
      h('button', { type: 'submit', class: 'primary' }, 'Show its actions'),
    ),
    list,
  );
}

function table(account: string, actions: readonly DeferredAction[], mayChange: boolean): HTMLElement {
  if (actions.length === 0) return h('p', {}, 'Billing has no deferred actions for this account.');
  const heads = ['Action', 'Scheduled', 'Status', ''];
  return h(
    'div',
    { class: 'scrolls', tabindex: '0', role: 'region', 'aria-label': 'Deferred actions' },
    h(
      'table',
      {},
      h(
        'caption',
        {},
        `${String(actions.length)} actions. Days are those of billing (${BILLING_TIME_ZONE}).`,
      ),
      h(
        'thead',
        {},
        h('tr', {}, ...heads.map((head) => (head === '' ? h('td') : h('th', { scope: 'col' }, head)))),
      ),
      h('tbody', {}, ...actions.map((action) => row(account, action, mayChange))),
    ),
  );
}

function row(account: string, action: DeferredAction, mayChange: boolean): HTMLElement {
  const { actionId, actionName, actionStatus, scheduledDate } = action;
  const id = actionId?.id ?? '';
  const name = actionName ?? 'No name';
  const isPending = actionStatus === 0 || actionStatus === 3;
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, name, h('br'), code(id)),
    h('td', { class: 'number' }, billingDay(scheduledDate)),
    h('td', {}, STATES[actionStatus ?? -1] ?? 'Not told'),
    h(
      'td',
      { class: 'last' },
      isPending &&
        mayChange &&
        h(
          'a',
          { class: 'button', href: link(RESCHEDULE, account, id), 'aria-label': `Reschedule ${name}` },
          'Reschedule',
        ),
    ),
  );
}

export const actionsStart: View = { pattern: START, title: 'Deferred actions', show };
export const actionsOfAccount: View = { pattern: ACTIONS, title: 'Deferred actions', show };
