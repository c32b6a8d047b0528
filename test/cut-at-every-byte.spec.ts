import { auditRecords } from './support/audit-records.js';
import { Landscape, UPDATED_HANDOFF, DOCUMENTED_REPLY } from './support/landscape.js';
import { ScriptedUpstream, json, type Script } from './support/scripted-upstream.js';
import { TcpFaultProxy, type Cut, type Exchanged } from './support/tcp-fault-proxy.js';

/** `SUREHAND_CHAOS=all` cuts at every byte instead of at a few spread over them. */
const EVERY_BYTE = process.env['SUREHAND_CHAOS'] === 'all';
/** Of each side of an exchange, its ends included. */
const POSITIONS = 8;

interface Operation {
  readonly name: string;
  readonly pathOf: (number: number) => string;
  readonly bodyOf: (number: number) => object;
  readonly answer: Script;
}

// As wide as each other, so that every case has as many bytes as the one before.
const wide = (number: number): string => String(100_000 + number);

const OPERATIONS: readonly Operation[] = [
  {
    name: 'handoff.update-status',
    pathOf: (number) => `/clmo-handoff-services/service/v1/externalHandoff/HO${wide(number)}/updatestatus`,
    bodyOf: (number) => ({ handoffRefNumber: `HO${wide(number)}`, handoffStatus: 'SUCCESS' }),
    // Its end is known by its length.
    answer: json(200, UPDATED_HANDOFF, {
      'content-length': String(Buffer.byteLength(JSON.stringify(UPDATED_HANDOFF))),
    }),
  },
  {
    name: 'deferred-action.modify',
    pathOf: (number) => `/bcws/webresources/v1.0/deferredactions/0.0.0.1+-schedule+${wide(number)}`,
    bodyOf: () => ({ scheduledDate: '2021-02-14' }),
    // In chunks.
    answer: json(200, DOCUMENTED_REPLY),
  },
];

/** What one case came to. */
interface Result extends Exchanged {
  readonly case: string;
  readonly cut: Cut;
  readonly status: number;
  readonly told: string;
  readonly operationId: string | null;
  readonly executions: number;
}

describe.each(OPERATIONS)('$name, cut off', ({ name, pathOf, bodyOf, answer }) => {
  let landscape: Landscape;
  let upstream: ScriptedUpstream;
  let proxy: TcpFaultProxy;
  let number = 0;
  let responseLength = 0;
  const results: Result[] = [];

  async function write(): Promise<{ url: string; reply: Response }> {
    number++;
    const url = pathOf(number);
    return { url, reply: await landscape.call(url, { body: bodyOf(number) }) };
  }

  async function cutOff(cut: Cut, socket: 'fresh' | 'reused'): Promise<Result> {
    await proxy.empty();
    // Leaves a connection behind.
    if (socket === 'reused') await write();
    proxy.arm(cut);
    const { url, reply } = await write();
    const answered = (await reply.json()) as Record<string, unknown>;
    await proxy.idle().catch(() => undefined);
    return {
      ...proxy.exchanged,
      case: `${cut.by} after ${cut.side} byte ${cut.after}, ${socket} socket`,
      cut,
      status: reply.status,
      told: reply.ok ? 'applied' : String(answered['outcome']),
      operationId: reply.headers.get('operation-id'),
      executions: upstream.calls.filter(
        (call) => call.method === 'PUT' && decodeURIComponent(call.url) === url,
      ).length,
    };
  }

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start();
    proxy = await TcpFaultProxy.start(Number(new URL(upstream.url).port));
    landscape = await Landscape.start({
      HANDOFF_BASE_URL: proxy.url,
      BILLING_CARE_BASE_URL: `${proxy.url}/bcws/webresources/v1.0`,
      LOG_LEVEL: 'error',
      // No read-back comes in between: it would be cut off, and counted, in place of a write.
      SETTLE_WINDOW_MS: '600000',
    });
    upstream.play(answer);
    proxy.arm();
    expect((await write()).reply.status).toBe(200);
    const { requestBytes, responseBytes } = proxy.exchanged;
    responseLength = responseBytes;
    for (const [side, length] of [
      ['request', requestBytes],
      ['response', responseBytes],
    ] as const) {
      for (const after of positions(length)) {
        for (const by of ['reset', 'close'] as const) {
          for (const socket of ['fresh', 'reused'] as const) {
            results.push(await cutOff({ side, after, by }, socket));
          }
        }
      }
    }
    process.stdout.write(totals(name, results, requestBytes, responseBytes));
  }, 3_600_000);

  afterAll(async () => {
    await landscape.end();
    await proxy.close();
    await upstream.close();
  });

  it('runs at most once at the upstream', () => {
    expect(results.filter(({ executions }) => executions > 1)).toEqual([]);
  });

  it('is unknown to the client whenever a byte was written and no complete reply came', () => {
    const broken = results.filter(({ cut }) =>
      cut.side === 'request' ? cut.after > 0 : cut.after < responseLength,
    );
    expect(broken.length).toBeGreaterThan(results.length / 2);
    expect(broken.filter(({ status, told }) => status !== 502 || told !== 'unknown')).toEqual([]);
  });

  it('is applied only if it ran, and not applied only if it did not', () => {
    const wrong = results.filter(
      ({ told, executions }) =>
        (told === 'applied' && executions !== 1) || (told === 'not-applied' && executions !== 0),
    );
    expect(wrong).toEqual([]);
    expect(new Set(results.map(({ told }) => told))).not.toContain('rejected');
  });

  it('is sent again only if no byte of it was read', () => {
    const onceSent = results.filter(({ cut }) => cut.side === 'response' || cut.after > 0);
    expect(onceSent.filter(({ requests }) => requests !== 1)).toEqual([]);
  });

  it('ends in the trail as the client was told', () => {
    const outcomes = new Map(
      auditRecords(landscape.gateway.dataDir)
        .filter(({ kind }) => kind === 'outcome')
        .map((record) => [record['operationId'], record['outcome']]),
    );
    expect(results.filter(({ operationId, told }) => outcomes.get(operationId) !== told)).toEqual([]);
  });
});

/** The bytes after which an exchange is cut: 0 to all of them. */
function positions(length: number): number[] {
  const all = Array.from({ length: length + 1 }, (_, after) => after);
  if (EVERY_BYTE) return all;
  const step = (length - 1) / (POSITIONS - 2);
  return [...Array.from({ length: POSITIONS - 1 }, (_, index) => Math.round(index * step)), length];
}

function totals(
  name: string,
  results: readonly Result[],
  requestBytes: number,
  responseBytes: number,
): string {
  const count = (key: (result: Result) => string): string =>
    JSON.stringify(
      Object.fromEntries(Object.entries(Object.groupBy(results, key)).map(([k, v]) => [k, v?.length])),
    );
  return (
    `${name}: ${results.length} cuts in ${requestBytes} request and ${responseBytes} response bytes; ` +
    `told ${count(({ status, told }) => `${status} ${told}`)}, ` +
    `executions ${count(({ executions }) => String(executions))}, ` +
    `requests seen ${count(({ requests }) => String(requests))}; ` +
    `request byte 0 ${count(({ cut, status, told }) => (cut.side === 'request' && cut.after === 0 ? `${status} ${told}` : 'other'))}\n`
  );
}
