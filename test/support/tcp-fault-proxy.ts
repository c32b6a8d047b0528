import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where one exchange is broken off: after so many bytes of one of its directions have been passed on. */
export interface Cut {
  readonly side: 'request' | 'response';
  /** 0 of a request: as soon as there is a connection, without reading from it. */
  readonly after: number;
  readonly by: 'reset' | 'close';
}

/** What the caller sent and got since a cut was armed. */
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

interface Link {
  readonly near: Socket;
  readonly far: Socket;
  used: boolean;
}

/** A TCP proxy that breaks connections at the byte it is told. */
export class TcpFaultProxy {
  private readonly links = new Set<Link>();
  private cut: Cut | undefined;
  private seen = { ...NOTHING };

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (near: Socket) => {
      this.link(near);
    });
  }

  /** In front of a port on loopback. */
  static async start(target: number): Promise<TcpFaultProxy> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new TcpFaultProxy(server, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What has passed since the last `arm`. */
  get exchanged(): Exchanged {
    return this.seen;
  }

  /** Counts anew, and makes one cut in what comes next; without one it only counts. */
  arm(cut?: Cut): void {
    this.seen = { ...NOTHING };
    this.cut = cut;
    for (const link of this.links) link.used = false;
    if (cut?.side === 'request' && cut.after === 0) for (const link of this.links) this.breakOff(link);
  }

  /** Closes every connection, and resolves once none is left on either side. */
  async empty(): Promise<void> {
    for (const { near } of this.links) near.end().resume();
    await this.idle();
  }

  /** Resolves once the far sides of all broken connections are gone, too. */
  async idle(): Promise<void> {
    while (this.links.size > 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  async close(): Promise<void> {
    for (const { near, far } of this.links) {
      near.destroy();
      far.destroy();
    }
    this.server.close();
    await once(this.server, 'close');
  }

  private link(near: Socket): void {
    const far = connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const link: Link = { near, far, used: false };
    this.links.add(link);
    this.seen = { ...this.seen, connections: this.seen.connections + 1 };
    for (const socket of [near, far]) {
      socket.on('error', () => undefined);
      socket.once('close', () => {
        if (near.destroyed && far.destroyed) this.links.delete(link);
      });
    }
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    near.once('close', () => setTimeout(() => far.destroy(), AFTERLIFE_MS));
    if (this.cut?.side === 'request' && this.cut.after === 0) {
      this.breakOff(link);
      return;
    }
    near.on('data', (chunk: Buffer) => {
      if (!link.used) this.seen = { ...this.seen, requests: this.seen.requests + 1 };
      link.used = true;
      this.pass(link, 'request', chunk);
    });
    far.on('data', (chunk: Buffer) => {
      this.pass(link, 'response', chunk);
    });
  }

  private pass(link: Link, side: Cut['side'], chunk: Buffer): void {
    const to = side === 'request' ? link.far : link.near;
    const counter = side === 'request' ? 'requestBytes' : 'responseBytes';
    const before = this.seen[counter];
    this.seen = { ...this.seen, [counter]: before + chunk.length };
    if (this.cut?.side !== side || before + chunk.length < this.cut.after) {
      if (to.writable) to.write(chunk);
      return;
    }
    to.write(chunk.subarray(0, this.cut.after - before), () => {
      this.breakOff(link);
    });
  }

  private breakOff({ near, far }: Link): void {
    const by = this.cut?.by;
    // Once: what the caller tries after it goes through.
    this.cut = undefined;
    for (const socket of [near, far]) socket.removeAllListeners('data').removeAllListeners('end').resume();
    if (by === 'reset') near.resetAndDestroy();
    else near.end();
    setTimeout(() => {
      far.destroy();
      near.destroy();
    }, AFTERLIFE_MS);
  }
}
