import { setTimeout as sleep } from 'node:timers/promises';
import { ScriptedUpstream, json, type Script } from './scripted-upstream.js';

type Value = string | number | undefined;

/** A span as the collector received it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first of a trace. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client' | 'other';
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, Value>>;
  /** Nanoseconds since the epoch. */
  readonly begun: bigint;
  readonly ended: bigint;
}

// opentelemetry-proto, trace/v1/trace.proto, in its JSON form.
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}
interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly attributes: readonly Attribute[];
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
}
interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

const KINDS = ['other', 'internal', 'server', 'client'] as const;
const ERROR = 2;

/** An OpenTelemetry collector that keeps what it is sent, as JSON over HTTP, in memory. */
export class TraceCollector {
  private constructor(private readonly server: ScriptedUpstream) {
    this.play(json(200, {}));
  }

  static async start(): Promise<TraceCollector> {
    return new TraceCollector(await ScriptedUpstream.start());
  }

  get url(): string {
    return this.server.url;
  }

  get requests() {
    return this.server.calls;
  }

  /** Forgets what it received, and from now on answers by the script. */
  play(script: Script): void {
    this.server.play(script);
  }

  /** Everything it received, as it came. */
  get text(): string {
    return this.requests.map(({ body }) => body).join('\n');
  }

  get spans(): ReceivedSpan[] {
    return this.sent.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans.map(received)));
  }

  /** What it was told of the gateway itself. */
  get resource(): Readonly<Record<string, Value>> {
    return attributesOf(this.sent[0]?.resource.attributes ?? []);
  }

  /** The spans of one trace, in the order in which they began, once its first one has arrived: it ends last. */
  async trace(traceId: string): Promise<ReceivedSpan[]> {
    const until = Date.now() + 8_000;
    for (;;) {
      const spans = this.spans.filter((span) => span.traceId === traceId);
      if (spans.some(({ kind }) => kind === 'server') || Date.now() > until)
        return spans.sort((one, other) => Number(one.begun - other.begun));
      await sleep(20);
    }
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private get sent(): Sent['resourceSpans'] {
    return this.requests.flatMap(({ body }) => (JSON.parse(body) as Sent).resourceSpans);
  }
}

function received(span: SentSpan): ReceivedSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: KINDS[span.kind] ?? 'other',
    failed: span.status.code === ERROR,
    attributes: attributesOf(span.attributes),
    begun: BigInt(span.startTimeUnixNano),
    ended: BigInt(span.endTimeUnixNano),
  };
}

function attributesOf(attributes: readonly Attribute[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue] as const),
  );
}
