import { recordsOf } from './audit-records.js';
import { Landscape } from './landscape.js';
import { OPERATIONS, freshResource, operate, type Operation } from './operations.js';
import { ScriptedUpstream, type Script } from './scripted-upstream.js';
import { TcpFaultProxy } from './tcp-fault-proxy.js';

/** What one call came to, as its client, its upstream and the trail know it. */
export interface Came {
  readonly operation: string;
  readonly status: number;
  readonly code: string | null;
  readonly outcome: string;
  readonly recorded: readonly string[];
  readonly executions: number;
  readonly tookMs: number;
}

/** One gateway, and one upstream behind a network that can be faulty. */
export class FaultyNetwork {
  private constructor(
    readonly landscape: Landscape,
    readonly upstream: ScriptedUpstream,
    readonly proxy: TcpFaultProxy,
  ) {}

  /** Each call has so many milliseconds. */
  static async start(deadlineMs: number): Promise<FaultyNetwork> {
    const upstream = await ScriptedUpstream.start();
    const proxy = await TcpFaultProxy.start(Number(new URL(upstream.url).port));
    const landscape = await Landscape.start({
      HANDOFF_BASE_URL: proxy.url,
      BILLING_CARE_BASE_URL: `${proxy.url}/bcws/webresources/v1.0`,
      HANDOFF_TIMEOUT_MS: String(deadlineMs),
      BILLING_CARE_TIMEOUT_MS: String(deadlineMs),
      // One fault must not show as the consequence of another.
      HANDOFF_CIRCUIT_BREAKER: 'off',
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
      // No read-back comes in between: it would be counted in place of a call.
      SETTLE_WINDOW_MS: '600000',
      LOG_LEVEL: 'error',
    });
    return new FaultyNetwork(landscape, upstream, proxy);
  }

  /** Every operation at once, each on a resource of its own. */
  async callAll(untilClosed = false): Promise<Came[]> {
    const scripts = new Map<string, Script>();
    this.upstream.play((call, response, request) => {
      // Without a length and without chunks, its end is the end of the connection: RFC 9112 section 6.3.
      if (untilClosed) response.useChunkedEncodingByDefault = response.shouldKeepAlive = false;
      const resource = [...scripts.keys()].find((key) => names(call, key)) ?? '';
      scripts.get(resource)?.(call, response, request);
    });
    const token = await this.landscape.issuer.token();
    return await Promise.all(
      OPERATIONS.map(async (operation) => {
        const resource = freshResource(operation);
        scripts.set(resource, operation.answer);
        return await this.call(operation, resource, token);
      }),
    );
  }

  async end(): Promise<void> {
    await this.landscape.end();
    await this.proxy.close();
    await this.upstream.close();
  }

  private async call(operation: Operation, resource: string, token: string): Promise<Came> {
    const begun = performance.now();
    const reply = await operate(this.landscape, operation, { resource, token });
    const text = await reply.text();
    const tookMs = Math.round(performance.now() - begun);
    const { code = null, outcome = reply.ok ? 'applied' : 'none' } = (
      reply.ok || text === '' ? {} : JSON.parse(text)
    ) as Partial<Came>;
    const records = await recordsOf(
      this.landscape.gateway.dataDir,
      reply.headers.get('x-request-id') ?? '',
      operation.method === 'GET' ? 1 : 2,
    );
    return {
      operation: operation.name,
      status: reply.status,
      code,
      outcome,
      recorded: records.map((record) =>
        [record.kind, record['outcome'] ?? record['problem']].filter(Boolean).join(' '),
      ),
      executions: this.upstream.calls.filter((call) => names(call, resource)).length,
      tookMs,
    };
  }
}

function names({ url, body }: { readonly url: string; readonly body: string }, resource: string): boolean {
  // Whole: one number begins another.
  return `${decodeURIComponent(url)} ${body} `.split(/[/?" ]/).includes(resource);
}
