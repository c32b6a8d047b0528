import { setTimeout as pause } from 'node:timers/promises';

const HANDOFFS = '/clmo-handoff-services/service/v1/externalHandoff';
const ACTIONS = '/bcws/webresources/v1.0/deferredactions';
const ACTION = `${ACTIONS}/0.0.0.1+-schedule+255194`;
/** Calls a second, below the limit of one principal. */
const RATE = 8;

/** What happens to the upstreams, as shares of the whole time. Everything else goes well. */
const EVENTS = [
  { at: 0.3, system: 'lending', mode: 'reset', methods: ['PUT', 'POST'] },
  { at: 0.4, system: 'lending', mode: 'none' },
  { at: 0.48, system: 'billing', mode: 'hang' },
  { at: 0.68, system: 'billing', mode: 'none' },
  // One update that was not done, and of which no read-back can tell: it goes to a person.
  { at: 0.85, system: 'lending', mode: 'html', methods: ['PUT'], times: 1 },
];

/** Plays so many seconds of a back office's day: reads, writes, refused ones, and two sick upstreams. */
export async function play(sandbox, seconds) {
  const begun = Date.now();
  const events = [...EVENTS];
  let sick = false;
  const calls = callsOf(sandbox, () => sick);
  const share = () => (Date.now() - begun) / 1_000 / seconds;
  for (let number = 0; share() < 1; number++) {
    if (events.length > 0 && share() >= events[0].at) {
      sick = events[0].mode !== 'none';
      await misbehave(sandbox, events.shift());
    }
    // Nobody waits for a call: clients do not wait for each other.
    void calls[number % calls.length](number).catch(() => undefined);
    // Busier in the middle than at both ends.
    await pause(1_000 / (RATE * (0.55 + 0.45 * Math.sin(Math.PI * share()))));
  }
}

function callsOf({ gateway, token }, isSick) {
  const call = async (path, { method = 'GET', body } = {}) => {
    const reply = await fetch(gateway + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    await reply.arrayBuffer();
  };
  const reference = (number) => `P${number}`;
  const add = (number) =>
    call(HANDOFFS, {
      method: 'POST',
      body: { applicationNumber: 'APP0001', handoffRefNumber: reference(number) },
    });
  const update = (number) =>
    call(`${HANDOFFS}/${reference(number)}/updatestatus`, {
      method: 'PUT',
      body: { handoffRefNumber: reference(number), handoffStatus: 'SUCCESS' },
    });
  const list = () => call(`${ACTIONS}/account/0.0.0.1+-account+123123`);
  const modify = (number) =>
    call(ACTION, {
      method: 'PUT',
      body: { scheduledDate: `2027-0${1 + (number % 9)}-1${number % 10}` },
    });
  // What a round number leaves to the next is updated there.
  return [
    add,
    list,
    (number) => update(number - 2),
    list,
    modify,
    (number) => call(`${HANDOFFS}/${reference(number - 5)}`),
    list,
    add,
    // There already. Were the reply to this lost, nobody could tell, and a person would have to look each time.
    async () => {
      if (!isSick())
        await call(HANDOFFS, { method: 'POST', body: { applicationNumber: 'A', handoffRefNumber: 'HO123' } });
    },
    (number) => update(number - 2),
    list,
    (number) => (number % 3 === 0 ? call(ACTION, { method: 'DELETE' }) : modify(number)),
    (number) => (number % 2 === 0 ? call('/writes?outcome=maybe') : call(`${HANDOFFS}/NONE`)),
  ];
}

async function misbehave(sandbox, { system, at: _at, ...setting }) {
  await fetch(`${sandbox[system]}/sandbox/misbehaviour`, { method: 'PUT', body: JSON.stringify(setting) });
}
