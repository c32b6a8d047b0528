import { Landscape } from './support/landscape.js';
import { WRITES, freshResource, operate, upstreamOf, type Operation } from './support/operations.js';
import { Busy } from './support/scripted-upstream.js';

const CLIENTS = 50;
/** What the upstream takes for a write, milliseconds. */
const SLOW_MS = 30;

/** A reply as a client compares it. */
interface Told {
  readonly status: number;
  readonly replayed: boolean;
  readonly text: string;
  readonly code: unknown;
}

describe('of 50 clients at once', () => {
  let landscape: Landscape;
  beforeAll(async () => (landscape = await Landscape.start({ LOG_LEVEL: 'error' })));
  afterAll(() => landscape.end());

  /** Plays an upstream that takes its time, and counts the calls that it has at the same time. */
  function count(operation: Operation): Busy {
    const busy = new Busy(SLOW_MS, operation.answer);
    upstreamOf(landscape, operation).play(busy.script);
    return busy;
  }

  async function tell(reply: Response): Promise<Told> {
    const text = await reply.text();
    return {
      status: reply.status,
      replayed: reply.headers.get('idempotency-replayed') === 'true',
      text,
      code: reply.ok ? undefined : (JSON.parse(text) as Record<string, unknown>)['code'],
    };
  }

  it.each(WRITES)('$name: never two are at work on one resource', async (operation) => {
    const busy = count(operation);
    const resource = freshResource(operation);
    const token = await landscape.issuer.token();
    const told = await Promise.all(
      Array.from({ length: CLIENTS }, async (_, number) => {
        const body = { ...operation.body?.(resource), ...differing(operation, number) };
        const call = operation.body === undefined ? {} : { body };
        return await tell(await operate(landscape, operation, { resource, token, ...call }));
      }),
    );
    const done = told.filter(({ status }) => status === operation.status);
    const refused = told.filter((reply) => !done.includes(reply));
    process.stdout.write(
      `${operation.name}: ${done.length} done, ${refused.length} refused, at most ${busy.most} in flight\n`,
    );
    expect(busy.most).toBe(1);
    expect(done.length).toBeGreaterThan(0);
    expect(upstreamOf(landscape, operation).calls).toHaveLength(done.length);
    expect(refused.filter(({ status, code }) => status !== 409 || code !== 'resource-busy')).toEqual([]);
  });

  it.each(WRITES)('$name: one key runs once', async (operation) => {
    count(operation);
    const resource = freshResource(operation);
    const token = await landscape.issuer.token();
    const headers = { 'idempotency-key': `"${operation.name}"` };
    const together = (): Promise<Told[]> =>
      Promise.all(
        Array.from({ length: CLIENTS }, async () =>
          tell(await operate(landscape, operation, { resource, token, headers })),
        ),
      );
    const told = await together();
    const later = await together();
    expect(upstreamOf(landscape, operation).calls).toHaveLength(1);
    const [executed, ...more] = told.filter(
      ({ status, replayed }) => status === operation.status && !replayed,
    );
    expect(more).toEqual([]);
    const same = { ...executed, replayed: true };
    for (const reply of told.filter((one) => one !== executed)) {
      if (reply.status === 409) expect(reply.code).toBe('write-in-progress');
      else expect(reply).toEqual(same);
    }
    expect(later).toEqual(later.map(() => same));
  });
});

/** Another content for each client, where an operation has one. */
function differing({ system, body }: Operation, number: number): object {
  if (body === undefined) return {};
  return system === 'lending' ? { remarks: `number ${number}` } : { description: `number ${number}` };
}
