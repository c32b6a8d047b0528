import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a gateway and its database. What comes back can be held up at a chosen moment. */
export class StallingProxy {
  private readonly sockets = new Set<Socket>();
  private readonly upstreams = new Set<Socket>();
  private trigger: { readonly text: string; readonly pulled: () => void } | undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('connection', (client) => {
      this.join(client);
    });
  }

  static async start(target: string): Promise<StallingProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StallingProxy(server, new URL(target));
  }

  /** The target's URL, by way of the proxy. */
  get url(): string {
    const url = new URL(this.target);
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  /** Resolves once a client has sent the text. The target gets it, but from then on its answers are held. */
  async stallAfter(text: string): Promise<void> {
    await new Promise<void>((pulled) => (this.trigger = { text, pulled }));
  }

  /** Hands over what was held. */
  resume(): void {
    for (const upstream of this.upstreams) upstream.resume();
  }

  async close(): Promise<void> {
    for (const socket of [...this.sockets, ...this.upstreams]) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const upstream = connect(Number(this.target.port), this.target.hostname);
    this.sockets.add(client);
    this.upstreams.add(upstream);
    client.on('data', (bytes: Buffer) => {
      if (this.trigger !== undefined && bytes.includes(this.trigger.text)) {
        upstream.pause();
        this.trigger.pulled();
        this.trigger = undefined;
      }
      upstream.write(bytes);
    });
    upstream.on('data', (bytes: Buffer) => client.write(bytes));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => undefined).on('close', () => other.destroy());
    }
  }
}
