import { pino, type DestinationStream } from 'pino';

/** Gathers lines until the turn of the event loop ends, or until they are to be written at once. */
export class LinesOfATurn implements DestinationStream {
  private readonly output = pino.destination({ dest: 1, sync: true });
  private readonly lines: string[] = [];

  constructor() {
    // However the process ends, but for a kill that it does not notice.
    process.on('exit', this.flush);
  }

  write(line: string): void {
    if (this.lines.push(line) === 1) setImmediate(this.flush);
  }

  /** Writes what there is. */
  readonly flush = (): void => {
    if (this.lines.length > 0) this.output.write(this.lines.splice(0).join(''));
  };
}
