import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
  type Context,
  type Span as LibrarySpan,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from '../config/config.js';
import type { Attributes, Beginning, Span } from './span.js';
import { ToldExporter } from './told-exporter.js';
import { readTracestate } from './tracestate.js';

const SCOPE = 'surehand';
/** Spans that wait for the collector; what comes beyond them is dropped. */
const LONGEST_QUEUE = 2_048;
/** A batch is made in one go, in which nothing else happens. */
const LARGEST_BATCH = 256;
/** A span waits this long for others, ms. */
const GATHERED_FOR_MS = 200;
/** The collector gets this long for a batch, further tries included, ms. */
const EXPORTED_WITHIN_MS = 4_000;
/** A whole queue at once, and the batch that is under way: what a stop sends. */
const MOST_EXPORTS = LONGEST_QUEUE / LARGEST_BATCH + 1;
/** A stop waits no longer, ms. */
const STOPPED_WITHIN_MS = 1_000;

/** The OpenTelemetry library, set up by our configuration alone: nothing of it is global. */
export class OpenTelemetry {
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  constructor(
    { endpoint, headers, ratio, believesCallers, serviceName, resource }: TracingConfig,
    replica: string,
  ) {
    const share = new TraceIdRatioBasedSampler(ratio);
    const exporter = new OTLPTraceExporter({
      url: `${endpoint.href.replace(/\/$/, '')}/v1/traces`,
      headers: { ...headers },
      timeoutMillis: EXPORTED_WITHIN_MS,
      concurrencyLimit: MOST_EXPORTS,
    });
    this.provider = new TracerProvider({
      resource: defaultResource().merge(
        resourceFromAttributes({
          ...resource,
          'service.name': serviceName,
          'service.instance.id': replica,
        }),
      ),
      // A remote parent is whoever called, in whatever name. A span of our own goes the way of its request.
      sampler: new ParentBasedSampler({
        root: share,
        ...(!believesCallers && { remoteParentSampled: share, remoteParentNotSampled: share }),
      }),
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new ToldExporter(exporter),
          maxQueueSize: LONGEST_QUEUE,
          maxExportBatchSize: LARGEST_BATCH,
          scheduledDelayMillis: GATHERED_FOR_MS,
          // Later than the exporter itself gives up: no second batch is sent beside one that hangs.
          exportTimeoutMillis: EXPORTED_WITHIN_MS + 1_000,
        }),
      ],
    });
    this.tracer = this.provider.getTracer(SCOPE);
  }

  serverSpan(name: string, attributes: Attributes, { caller, tracestate, begunAt }: Beginning): Span {
    const context =
      caller === undefined
        ? ROOT_CONTEXT
        : trace.setSpanContext(ROOT_CONTEXT, {
            traceId: caller.traceId,
            spanId: caller.spanId,
            traceFlags: caller.sampled ? TraceFlags.SAMPLED : TraceFlags.NONE,
            isRemote: true,
          });
    // One reading of the wall clock for all spans of a request, so that they fit into each other.
    const clockOffset = Date.now() - performance.now();
    const origin = { tracer: this.tracer, clockOffset, tracestate: caller && tracestate };
    return TimedSpan.begin(origin, SpanKind.SERVER, name, attributes, context, begunAt);
  }

  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOPPED_WITHIN_MS);
    });
    // What could not be exported has been told already.
    await Promise.race([this.provider.shutdown().catch(() => undefined), late]);
    clearTimeout(timer);
  }
}

interface Origin {
  readonly tracer: Tracer;
  /** From the clock that never goes back to ms since the epoch. */
  readonly clockOffset: number;
  /** Raw, as the caller sent it. */
  readonly tracestate: string | undefined;
}

/** A span of the library's, in time with those around it. */
class TimedSpan implements Span {
  private constructor(
    private readonly origin: Origin,
    private readonly span: LibrarySpan,
    private readonly context: Context,
  ) {}

  static begin(
    origin: Origin,
    kind: SpanKind,
    name: string,
    attributes: Attributes,
    parent: Context,
    begunAt = performance.now(),
  ): TimedSpan {
    const startTime = begunAt + origin.clockOffset;
    const span = origin.tracer.startSpan(name, { kind, attributes, startTime }, parent);
    return new TimedSpan(origin, span, trace.setSpan(ROOT_CONTEXT, span));
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  get headers(): Readonly<Record<string, string>> {
    const { traceId, spanId, traceFlags } = this.span.spanContext();
    const { tracestate = '' } = this.origin;
    const members = readTracestate(tracestate);
    return {
      traceparent: `00-${traceId}-${spanId}-0${traceFlags & TraceFlags.SAMPLED}`,
      ...(members !== undefined && { tracestate: members }),
    };
  }

  begin(kind: 'internal' | 'call', name: string, attributes: Attributes = {}): Span {
    const libraryKind = kind === 'call' ? SpanKind.CLIENT : SpanKind.INTERNAL;
    return TimedSpan.begin(this.origin, libraryKind, name, attributes, this.context);
  }

  end(attributes: Attributes = {}, error?: string): void {
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== undefined) this.span.setAttribute(name, value);
    }
    if (error !== undefined)
      this.span.setAttribute('error.type', error).setStatus({ code: SpanStatusCode.ERROR });
    this.span.end(performance.now() + this.origin.clockOffset);
  }
}
