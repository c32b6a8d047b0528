import { auditRecords } from './support/audit-records.js';
import { Landscape } from './support/landscape.js';
import { WRITES, operate } from './support/operations.js';
import { ScriptedUpstream, json } from './support/scripted-upstream.js';
import { TcpFaultProxy, type Exchanged } from './support/tcp-fault-proxy.js';
import { brokenAtOnce, brokenOff, once, type Fault } from './support/tcp-faults.js';

/** `SUREHAND_CHAOS=all` cuts at every byte instead of at a few spread over them. */
const EVERY_BYTE = process.env['SUREHAND_CHAOS'] === 'all';
/** Of each side of an exchange, its ends included. */
const POSITIONS = 6;

/** Lending's replies end by their length, billing's in chunks or without a body. */
const ROWS = WRITES.map((operation) => {
  const { name, system, status, reply, answer } = operation;
  const byLength = () =>
    json(status, reply, { 'content-length': String(Buffer.byteLength(JSON.stringify(reply))) });
  return { name, operation, answer: system === 'lending' ? byLength() : answer };
});

/** As wide as each other, so that every case has as many bytes as the one before. */
const FIRST = 100_000;

/** Where one exchange is broken off: after so many bytes of one of its directions have been passed on. */
interface Cut {
  readonly side: 'request' | 'response';
  /** 0 of a request: as soon as there is a connection, without reading from it. */
  readonly after: number;
  readonly by: 'reset' | 'close';
}

function faultOf({ side, after, by }: Cut): Fault {
  return side === 'request' && after === 0 ? brokenAtOnce(by) : brokenOff(after, by);
}

/** What one case came to. */
interface Result extends Exchanged {
  readonly case: string;
  readonly cut: Cut;
  readonly status: number;
  readonly told: string;
  readonly operationId: string | null;
  readonly executions: number;
}

/** What became of all cuts of one operation. */
interface Cuts {
  readonly results: readonly Result[];
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** By operation id, what the trail says. */
  readonly outcomes: ReadonlyMap<unknown, unknown>;
}

async function cutEverywhere({ operation, answer }: (typeof ROWS)[number]): Promise<Cuts> {
  const upstream = await ScriptedUpstream.start();
  const proxy = await TcpFaultProxy.start(Number(new URL(upstream.url).port));
  const landscape = await Landscape.start({
    HANDOFF_CIRCUIT_BREAKER: 'off',
    BILLING_CARE_CIRCUIT_BREAKER: 'off',
    HANDOFF_BASE_URL: proxy.url,
    BILLING_CARE_BASE_URL: `${proxy.url}/bcws/webresources/v1.0`,
    LOG_LEVEL: 'error',
    // No read-back comes in between: it would be cut off, and counted, in place of a write.
    SETTLE_WINDOW_MS: '600000',
  });
  let number = 0;

  async function write(): Promise<{ resource: string; reply: Response }> {
    const resource = operation.resource(FIRST + ++number);
    return { resource, reply: await operate(landscape, operation, { resource }) };
  }

  async function cutOff(cut: Cut, socket: 'fresh' | 'reused'): Promise<Result> {
    await proxy.empty();
    // Leaves a connection behind.
    if (socket === 'reused') await write();
    await proxy.set({ [cut.side]: once(faultOf(cut)) });
    const { resource, reply } = await write();
    const text = await reply.text();
    const told = reply.ok ? 'applied' : String((JSON.parse(text) as Record<string, unknown>)['outcome']);
    await proxy.idle().catch(() => undefined);
    return {
      ...proxy.exchanged,
      case: `${cut.by} after ${cut.side} byte ${cut.after}, ${socket} socket`,
      cut,
      status: reply.status,
      told,
      operationId: reply.headers.get('operation-id'),
      executions: upstream.calls.filter(({ url, body }) =>
        `${decodeURIComponent(url)} ${body}`.includes(resource),
      ).length,
    };
  }

  try {
    upstream.play(answer);
    await proxy.set();
    expect((await write()).reply.status).toBe(operation.status);
    const { requestBytes, responseBytes } = proxy.exchanged;
    const results: Result[] = [];
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
    const outcomes = auditRecords(landscape.gateway.dataDir)
      .filter(({ kind }) => kind === 'outcome')
      .map((record) => [record['operationId'], record['outcome']] as const);
    return { results, requestBytes, responseBytes, outcomes: new Map(outcomes) };
  } finally {
    await landscape.end();
    await proxy.close();
    await upstream.close();
  }
}

describe('a write that is cut off', () => {
  /** By operation; each has a gateway of its own, so that they need not wait for each other. */
  const cuts = new Map<string, Cuts>();
  const cutsOf = (name: string): Cuts => {
    const found = cuts.get(name);
    if (found === undefined) throw new Error(`${name} was not cut off`);
    return found;
  };

  beforeAll(async () => {
    await Promise.all(
      ROWS.map(async (row) => {
        const came = await cutEverywhere(row);
        cuts.set(row.name, came);
        process.stdout.write(totals(row.name, came));
      }),
    );
  }, 3_600_000);

  describe.each(ROWS)('$name', ({ name }) => {
    it('runs at most once at the upstream', () => {
      expect(cutsOf(name).results.filter(({ executions }) => executions > 1)).toEqual([]);
    });

    it('is unknown to the client whenever a byte was written and no complete reply came', () => {
      const { results, responseBytes } = cutsOf(name);
      const broken = results.filter(({ cut }) =>
        cut.side === 'request' ? cut.after > 0 : cut.after < responseBytes,
      );
      expect(broken.length).toBeGreaterThan(results.length / 2);
      expect(broken.filter(({ status, told }) => status !== 502 || told !== 'unknown')).toEqual([]);
    });

    it('is applied only if it ran, and not applied only if it did not', () => {
      const { results } = cutsOf(name);
      const wrong = results.filter(
        ({ told, executions }) =>
          (told === 'applied' && executions !== 1) || (told === 'not-applied' && executions !== 0),
      );
      expect(wrong).toEqual([]);
      expect(new Set(results.map(({ told }) => told))).not.toContain('rejected');
    });

    it('is sent again only if no byte of it was read', () => {
      const onceSent = cutsOf(name).results.filter(({ cut }) => cut.side === 'response' || cut.after > 0);
      expect(onceSent.filter(({ requests }) => requests !== 1)).toEqual([]);
    });

    it('ends in the trail as the client was told', () => {
      const { results, outcomes } = cutsOf(name);
      expect(results.filter(({ operationId, told }) => outcomes.get(operationId) !== told)).toEqual([]);
    });
  });
});

/** The bytes after which an exchange is cut: 0 to all of them. */
function positions(length: number): number[] {
  const all = Array.from({ length: length + 1 }, (_, after) => after);
  if (EVERY_BYTE) return all;
  const step = (length - 1) / (POSITIONS - 2);
  return [...Array.from({ length: POSITIONS - 1 }, (_, index) => Math.round(index * step)), length];
}

function totals(name: string, { results, requestBytes, responseBytes }: Cuts): string {
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
