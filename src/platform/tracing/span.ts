import type { Traceparent } from './traceparent.js';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A stretch of time in a trace. There is one only while traces are on: whoever was given none does nothing. */
export interface Span {
  readonly traceId: string;
  /** What tells of it to whoever is called within it (W3C Trace Context). */
  readonly headers: Readonly<Record<string, string>>;
  /** Begins a part of it: of our own doing, or a call of somebody else. */
  begin(kind: 'internal' | 'call', name: string, attributes?: Attributes): Span;
  /** Ends it, once; with an `error`, one of a few words, as one that failed. Members that are undefined are left out. */
  end(attributes?: Attributes, error?: string): void;
}

/** Where and when the first span of a request begins. */
export interface Beginning {
  readonly caller: Traceparent | undefined;
  /** The raw `tracestate`: counts only beside a `traceparent` that can be read. */
  readonly tracestate: string | undefined;
  /** By the clock that never goes back, ms. */
  readonly begunAt: number;
}

/** Does some work, as a part of the span if there is one. */
export function within<T>(span: Span | undefined, name: string, work: () => Promise<T>): Promise<T> {
  return span === undefined ? work() : timed(span.begin('internal', name), work);
}

async function timed<T>(part: Span, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    part.end();
    return result;
  } catch (error) {
    part.end({}, kindOf(error));
    throw error;
  }
}

/** The code of a problem or of the system, else the class. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
