import { code, h } from '../dom.js';
import { Field } from '../fields.js';
import { gateway, type HandoffUpdate } from '../gateway.js';
import { failureBox } from '../problem-view.js';
import { link, type View, type Visit } from '../router.js';
import { contentOf } from '../write-words.js';
import { writeForm } from '../write-form.js';
import { HANDOFF, HANDOFFS } from './patterns.js';

/** A handoff that the sandbox has. */
const EXAMPLE_REFERENCE = 'HO123';

/** Members of a record that are worth a look, and what they are called here. */
const SHOWN: Readonly<Record<string, string>> = {
  handoffStatus: 'Status',
  applicationNumber: 'Application',
  handoffType: 'Type',
  stagecode: 'Stage',
  handoffExtSystem: 'Other system',
  handoffExtRefNo: 'Number there',
};

function choose(): HTMLElement {
  const field = new Field({
    name: 'handoffRefNumber',
    label: 'Handoff reference',
    value: EXAMPLE_REFERENCE,
    required: true,
    isCode: true,
  });
  return h(
    'div',
    {},
    h('p', { class: 'lead' }, 'What became of a loan that was handed to another system.'),
    h(
      'form',
      {
        class: 'inline',
        submit: (event) => {
          event.preventDefault();
          if (field.value === undefined) field.focus();
          else location.hash = link(HANDOFF, field.value);
        },
      },
      field.element,
      h('button', { type: 'submit', class: 'primary' }, 'Look it up'),
    ),
  );
}

function show({ parameters: [reference = ''], session, signal }: Visit): HTMLElement {
  const details = h('div', { 'aria-live': 'polite' }, h('p', { class: 'fine' }, 'Asking lending…'));
  const load = async (): Promise<void> => {
    const { data, error } = await gateway
      .GET('/clmo-handoff-services/service/v1/externalHandoff/{handoffRefNo}', {
        params: { path: { handoffRefNo: reference } },
      })
      .catch((cause: unknown) => ({ data: undefined, error: cause }));
    if (signal.aborted) return;
    const record = Object.fromEntries(contentOf(data?.data));
    details.replaceChildren(data === undefined ? failureBox(error, () => void load()) : facts(record));
  };
  void load();
  return h(
    'div',
    { class: 'narrow' },
    h('p', { class: 'lead' }, 'What lending has on record for ', code(reference), '.'),
    details,
    session.operations.includes('handoff.update-status')
      ? update(reference, signal, () => void load())
      : h('p', {}, 'Your role may look at handoffs, and not change them.'),
  );
}

function facts(record: Readonly<Record<string, string>>): HTMLElement {
  const shown = Object.entries(SHOWN).filter(([name]) => name in record);
  return h(
    'dl',
    { class: 'card facts' },
    ...shown.map(([name, label]) => h('div', {}, h('dt', {}, label), h('dd', {}, record[name] ?? ''))),
  );
}

function update(reference: string, signal: AbortSignal, changed: () => void): HTMLElement {
  const status = new Field({
    name: 'handoffStatus',
    label: 'Status',
    hint: 'Such as SUCCESS or FAILED.',
    required: true,
    isCode: true,
  });
  const externalNumber = new Field({
    name: 'handoffExtRefNo',
    label: 'Number in the other system',
    isCode: true,
  });
  const remarks = new Field({ name: 'remarks', label: 'Remarks' });
  return h(
    'section',
    {},
    h('h2', {}, 'Record how it ended'),
    writeForm({
      fields: [status, externalNumber, remarks],
      submit: 'Record',
      cancel: HANDOFFS,
      signal,
      write() {
        const body: HandoffUpdate = {
          handoffRefNumber: reference,
          handoffStatus: status.value ?? null,
          handoffExtRefNo: externalNumber.value ?? null,
          remarks: remarks.value ?? null,
        };
        return {
          operation: 'handoff.update-status',
          resource: reference,
          body,
          send: (key) =>
            gateway.PUT('/clmo-handoff-services/service/v1/externalHandoff/{handoffRefNo}/updatestatus', {
              params: { path: { handoffRefNo: reference }, header: { 'Idempotency-Key': key } },
              body,
            }),
        };
      },
      changed,
      done: () => `Recorded: ${reference} is ${status.value ?? 'as it was'}`,
    }),
  );
}

export const handoffs: View = { pattern: HANDOFFS, title: 'Handoffs', show: choose };
export const handoff: View = { pattern: HANDOFF, title: 'Handoff', show };
