import { pino, type DestinationStream } from 'pino';

/** What nobody takes is kept up to so many characters, then the newest lines are dropped. */
const MOST_KEPT = 1_048_576;

/** Gathers lines until the turn of the event loop ends, or until they are to be written at once. */
export class LinesOfATurn implements DestinationStream {
  private readonly output = pino.destination({ dest: 1, sync: true, maxLength: MOST_KEPT });
  private readonly lines: string[] = [];

  constructor() {
    // A full disk or a reader that has gone ends neither the process nor, as pino's own listener would have it, the
    // log for ever: what is left is written before the next lines.
    this.output.removeAllListeners('error').on('error', () => undefined);
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
