import { FaultyNetwork } from './support/faulty-network.js';
import { OPERATIONS, type Operation } from './support/operations.js';
import {
  brokenAtOnce,
  brokenOff,
  closedLate,
  late,
  sliced,
  throttled,
  together,
  type Faults,
} from './support/tcp-faults.js';

/** What a call has, and what a busy machine may add to the 100 ms that the gateway itself may; milliseconds. */
const DEADLINE_MS = 800;
const ANSWERED_WITHIN = DEADLINE_MS + 100 + 1_000;
/** What is tried again is tried so often. */
const MOST_ATTEMPTS = 3;

/** How a call ends. `applied` stands for a read that is answered, too. */
type Ending = 'applied' | 'not sent' | 'broken' | 'timed out';

/** What the client is told, and the trail says. A read has no outcome. */
const ENDINGS: Readonly<Record<Ending, { status?: number; code: string | null; outcome: string }>> = {
  applied: { code: null, outcome: 'applied' },
  'not sent': { status: 503, code: 'upstream-unavailable', outcome: 'not-applied' },
  broken: { status: 502, code: 'upstream-bad-response', outcome: 'unknown' },
  'timed out': { status: 504, code: 'upstream-timeout', outcome: 'unknown' },
};

interface Row {
  readonly fault: string;
  readonly faults: Faults;
  /** More than one where it depends on which of two hears of it first. */
  readonly ends: readonly Ending[];
  /** How often the upstream got the whole call. */
  readonly executions: 0 | 1;
  /** The upstream ends its replies by closing the connection. */
  readonly untilClosed?: true;
}

const BYTE = 20;
const TOO_LATE = DEADLINE_MS + 300;

/** Anew for each use: some of them remember. */
const rows = (): readonly Row[] => [
  { fault: 'nothing', faults: {}, ends: ['applied'], executions: 1 },
  {
    fault: 'latency',
    faults: { request: late(60), response: late(60) },
    ends: ['applied'],
    executions: 1,
  },
  {
    fault: 'latency and jitter',
    faults: { request: late(20, { jitterMs: 80 }), response: late(20, { jitterMs: 80, seed: 2 }) },
    ends: ['applied'],
    executions: 1,
  },
  {
    fault: 'latency of the request beyond the deadline',
    faults: { request: late(TOO_LATE) },
    ends: ['timed out'],
    executions: 0,
  },
  {
    fault: 'latency of the reply beyond the deadline',
    faults: { response: late(TOO_LATE) },
    ends: ['timed out'],
    executions: 1,
  },
  {
    fault: 'a narrow line',
    faults: { request: throttled(5_000), response: throttled(5_000) },
    ends: ['applied'],
    executions: 1,
  },
  {
    fault: 'a line that is too narrow',
    faults: { response: throttled(100) },
    ends: ['timed out'],
    executions: 1,
  },
  {
    fault: 'segments of one byte',
    faults: { request: sliced(1), response: sliced(1) },
    ends: ['applied'],
    executions: 1,
  },
  {
    fault: 'late segments of seven bytes',
    faults: { request: together(sliced(7), late(30)), response: together(sliced(7), late(30)) },
    ends: ['applied'],
    executions: 1,
  },
  { fault: 'a refused connection', faults: { down: true }, ends: ['not sent'], executions: 0 },
  {
    fault: 'a black hole',
    faults: { request: brokenAtOnce('silence') },
    ends: ['timed out'],
    executions: 0,
  },
  ...(['reset', 'close'] as const).flatMap((by): Row[] => [
    {
      fault: `a ${by} at once, each time`,
      faults: { request: brokenAtOnce(by) },
      ends: ['broken', 'not sent'],
      executions: 0,
    },
    {
      fault: `a ${by} after byte ${BYTE} of the request`,
      faults: { request: brokenOff(BYTE, by) },
      ends: ['broken'],
      executions: 0,
    },
    {
      fault: `a ${by} before the reply`,
      faults: { response: brokenOff(0, by) },
      ends: ['broken'],
      executions: 1,
    },
    {
      fault: `a ${by} after byte ${BYTE} of the reply`,
      faults: { response: brokenOff(BYTE, by) },
      ends: ['broken'],
      executions: 1,
    },
  ]),
  {
    fault: `silence after byte ${BYTE} of the request`,
    faults: { request: brokenOff(BYTE, 'silence') },
    ends: ['timed out'],
    executions: 0,
  },
  {
    fault: `silence after byte ${BYTE} of the reply`,
    faults: { response: brokenOff(BYTE, 'silence') },
    ends: ['timed out'],
    executions: 1,
  },
  {
    fault: 'a reply that is ended by a late close',
    faults: { response: closedLate(200) },
    ends: ['applied'],
    executions: 1,
    untilClosed: true,
  },
  {
    fault: 'a reply that is ended by a close beyond the deadline',
    faults: { response: closedLate(TOO_LATE) },
    ends: ['timed out'],
    executions: 1,
    untilClosed: true,
  },
];
const FAULTS = rows().map(({ fault }, index) => ({ fault, index }));
function rowAt(index: number): Row {
  const row = rows()[index];
  if (row === undefined) throw new Error(`there is no fault ${index}`);
  return row;
}

/** What an operation may come to under a fault. */
function expected({ name, method, status }: Operation, { ends, executions, untilClosed }: Row): object[] {
  // A reply that has no body is over before its connection is.
  const endings = untilClosed === true && status === 204 ? (['applied'] as const) : ends;
  return endings.map((ending) => {
    const { status: told = status, code, outcome } = ENDINGS[ending];
    const written = ['intent', `outcome ${outcome}`];
    const read = [code === null ? 'access' : `refusal ${code}`];
    return {
      operation: name,
      status: told,
      code,
      outcome: method === 'GET' && ending !== 'applied' ? 'none' : outcome,
      recorded: method === 'GET' ? read : written,
      executions,
    };
  });
}

/** Makes every call under a fault, and once more without it. */
async function suffer(faulty: FaultyNetwork, connection: 'fresh' | 'reused', row: Row): Promise<void> {
  const { proxy } = faulty;
  if (connection === 'fresh') await proxy.empty();
  await proxy.set(row.faults);
  const came = await faulty.callAll(row.untilClosed);
  const { connections, requests } = proxy.exchanged;
  await proxy.set();
  const after = await faulty.callAll();

  const slowest = Math.max(...came.map(({ tookMs }) => tookMs));
  const told = Object.groupBy(came, ({ status, outcome }) => `${status} ${outcome}`);
  process.stdout.write(
    `${row.fault}, ${connection} connection: ${Object.entries(told)
      .map(([what, calls]) => `${calls?.length ?? 0} × ${what}`)
      .join(', ')}; slowest ${slowest} ms, ${connections} new connections, ${requests} with a request\n`,
  );

  OPERATIONS.forEach((operation, at) => {
    const { tookMs, ...what } = came[at] ?? { tookMs: Infinity };
    expect(expected(operation, row)).toContainEqual(what);
    expect(tookMs).toBeLessThan(ANSWERED_WITHIN);
  });
  expect(connections).toBeLessThanOrEqual(MOST_ATTEMPTS * OPERATIONS.length);
  // Of what was sent, nothing is sent again.
  expect(requests).toBeLessThanOrEqual(OPERATIONS.length);
  expect(after.map(({ operation, status }) => ({ operation, status }))).toEqual(
    OPERATIONS.map(({ name, status }) => ({ operation: name, status })),
  );
}

describe('every call, on a fresh connection and on a reused one, under', () => {
  let fresh: FaultyNetwork;
  let reused: FaultyNetwork;
  beforeAll(async () => {
    [fresh, reused] = await Promise.all([FaultyNetwork.start(DEADLINE_MS), FaultyNetwork.start(DEADLINE_MS)]);
    await Promise.all([fresh.callAll(), reused.callAll()]);
  });
  afterAll(async () => {
    await Promise.all([fresh.end(), reused.end()]);
  });

  it.each(FAULTS)('$fault', async ({ index }) => {
    await Promise.all([suffer(fresh, 'fresh', rowAt(index)), suffer(reused, 'reused', rowAt(index))]);
  });
});
