import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { freePort } from './gateway.js';
import { BrokenOff, sound, type Direction, type End, type Fault, type Faults } from './tcp-faults.js';

/** What the caller sent and got since faults were last set. */
export interface Exchanged {
  /** Connections that were made anew. */
  readonly connections: number;
  /** Connections on which at least one byte of a request was read. */
  readonly requests: number;
  readonly requestBytes: number;
  readonly responseBytes: number;
}

const NOTHING: Exchanged = { connections: 0, requests: 0, requestBytes: 0, responseBytes: 0 };
/** The far side of a broken connection lives on for this long: it may act on what it got, and nobody hears of it. */
const AFTERLIFE_MS = 20;

/** A TCP proxy on a port of its own that can be told what is wrong with the network. */
export class TcpFaultProxy {
  private readonly links = new Set<Link>();
  private faults: Faults = {};
  private seen = { ...NOTHING };

  private constructor(
    private readonly server: Server,
    private readonly port: number,
    private readonly target: number,
  ) {
    server.on('connection', (near: Socket) => {
      this.link(near);
    });
  }

  /** In front of a port on loopback. */
  static async start(target: number): Promise<TcpFaultProxy> {
    const proxy = new TcpFaultProxy(createServer({ noDelay: true }), await freePort(), target);
    await proxy.listen();
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What has passed since the last `set`. */
  get exchanged(): Exchanged {
    return this.seen;
  }

  /** From now on, and also on the connections that there are, this is wrong; nothing by default. Counts anew. */
  async set(faults: Faults = {}): Promise<void> {
    this.seen = { ...NOTHING };
    this.faults = faults;
    if (faults.down === true) await this.stopListening();
    else if (!this.server.listening) await this.listen();
    for (const link of this.links) link.suffer(faults);
  }

  /** Closes every connection, and resolves once none is left on either side. */
  async empty(): Promise<void> {
    for (const link of this.links) link.end();
    await this.idle();
  }

  /** Resolves once the far sides of all broken connections are gone, too. */
  async idle(): Promise<void> {
    while (this.links.size > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.stopListening();
  }

  private async listen(): Promise<void> {
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
  }

  private async stopListening(): Promise<void> {
    for (const link of this.links) link.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private link(near: Socket): void {
    const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const link = new Link(near, far, (direction, bytes, first) => {
      const { requests, requestBytes, responseBytes } = this.seen;
      this.seen =
        direction === 'request'
          ? { ...this.seen, requests: requests + (first ? 1 : 0), requestBytes: requestBytes + bytes }
          : { ...this.seen, responseBytes: responseBytes + bytes };
    });
    this.links.add(link);
    this.seen = { ...this.seen, connections: this.seen.connections + 1 };
    for (const socket of [near, far]) {
      socket.once('close', () => {
        if (near.destroyed && far.destroyed) this.links.delete(link);
      });
    }
    link.suffer(this.faults);
  }
}

/** Told of bytes as they are read; `first` since faults were last set. */
type OnRead = (direction: Direction, bytes: number, first: boolean) => void;

/** Two sockets, and what passes between them. */
class Link {
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
