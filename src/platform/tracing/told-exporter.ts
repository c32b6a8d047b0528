import { Logger } from '@nestjs/common';
import type { SpanExporter } from '@opentelemetry/sdk-trace';

/** However long the collector is away, the log says so once in this time, ms. */
const TELL_EVERY_MS = 60_000;

/** Passes spans on, and tells now and then how many did not arrive. */
export class ToldExporter implements SpanExporter {
  private readonly logger = new Logger('Tracing');
  private lost = 0;
  private toldAt = -Infinity;

  constructor(private readonly exporter: SpanExporter) {}

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.exporter.export(spans, (result) => {
      if (result.error !== undefined) this.tell(spans.length, result.error);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  /** Its message may be the collector's own text: name and code are enough. */
  private tell(spans: number, error: Error): void {
    this.lost += spans;
    if (performance.now() - this.toldAt < TELL_EVERY_MS) return;
    const code = 'code' in error ? { code: error.code } : {};
    this.logger.warn({
      message: 'Spans could not be exported',
      spans: this.lost,
      error: error.name,
      ...code,
    });
    this.toldAt = performance.now();
    this.lost = 0;
  }
}
