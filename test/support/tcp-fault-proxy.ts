import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort } from './gateway.js';
import type { Faults } from './tcp-faults.js';
import { Link } from './tcp-link.js';

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
