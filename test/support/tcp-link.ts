import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { BrokenOff, sound, type Direction, type End, type Fault, type Faults } from './tcp-faults.js';

/** The far side of a broken connection lives on for this long: it may act on what it got, and nobody hears of it. */
const AFTERLIFE_MS = 20;

/** Told of bytes as they are read; `first` since faults were last set. */
type OnRead = (direction: Direction, bytes: number, first: boolean) => void;

/** Two sockets, and what passes between them. */
export class Link {
  private readonly lanes: readonly Lane[];
  private broken = false;

  constructor(
    private readonly near: Socket,
    private readonly far: Socket,
    onRead: OnRead,
  ) {
    const breakOff = (by: End): void => {
      this.breakOff(by);
    };
    this.lanes = [
      new Lane('request', near, far, onRead, breakOff),
      new Lane('response', far, near, onRead, breakOff),
    ];
    near.once('close', () => setTimeout(() => far.destroy(), AFTERLIFE_MS));
  }

  suffer(faults: Faults): void {
    // One that fell silent does not come back.
    if (this.broken) this.destroy();
    else for (const lane of this.lanes) lane.suffer(faults[lane.direction] ?? sound);
  }

  end(): void {
    this.near.end().resume();
  }

  destroy(): void {
    this.near.destroy();
    this.far.destroy();
  }

  private breakOff(by: End): void {
    this.broken = true;
    for (const lane of this.lanes) lane.close();
    // Whoever gives up on the silence is heard by the `close` of the near side.
    if (by === 'silence') return;
    if (by === 'reset') this.near.resetAndDestroy();
    else this.near.end();
    setTimeout(() => {
      this.destroy();
    }, AFTERLIFE_MS);
  }
}

/** One direction of a link. */
class Lane {
  private feed = new PassThrough();
  private over = false;
  private open = true;
  private used = false;

  constructor(
    readonly direction: Direction,
    from: Socket,
    private readonly to: Socket,
    onRead: OnRead,
    private readonly breakOff: (by: End) => void,
  ) {
    from.on('error', () => undefined);
    from.on('data', (chunk: Buffer) => {
      if (!this.open) return;
      onRead(direction, chunk.length, !this.used);
      this.used = true;
      this.feed.write(chunk);
    });
    for (const end of ['end', 'close']) {
      from.once(end, () => {
        this.over = true;
        this.feed.end();
      });
    }
  }

  /** What comes from here on passes through this fault; what is under way, through the one before. */
  suffer(fault: Fault): void {
    this.feed.end();
    this.feed = new PassThrough();
    this.used = false;
    if (this.over) this.feed.end();
    void this.pass(fault, this.feed);
  }

  /** Nothing more passes. */
  close(): void {
    this.open = false;
    this.feed.end();
  }

  private async pass(fault: Fault, feed: PassThrough): Promise<void> {
    try {
      for await (const chunk of fault(feed)) await this.send(chunk);
      if (this.over && this.open && feed === this.feed) this.to.end();
    } catch (error) {
      if (!(error instanceof BrokenOff)) throw error;
      if (this.open) this.breakOff(error.by);
    }
  }

  private async send(chunk: Buffer): Promise<void> {
    if (this.open && this.to.writable) await new Promise((resolve) => this.to.write(chunk, resolve));
  }
}
