import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const PROBE_EVERY_MS = 200;

/** Balances connections, and opens new ones only to replicas that a probe found ready. It knows no HTTP. */
export class ProbingBalancer {
  private readonly ready = new Set<string>();
  private readonly sockets = new Set<Socket>();
  private readonly probes: NodeJS.Timeout;
  private turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly replicas: readonly string[],
  ) {
    server.on('connection', (client: Socket) => {
      this.join(client);
    });
    this.probes = setInterval(() => {
      for (const replica of this.replicas) void this.probe(replica);
    }, PROBE_EVERY_MS);
  }

  static async start(replicas: readonly string[]): Promise<ProbingBalancer> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const balancer = new ProbingBalancer(server, replicas);
    await Promise.all(replicas.map((replica) => balancer.probe(replica)));
    return balancer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    clearInterval(this.probes);
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private async probe(replica: string): Promise<void> {
    const status = await fetch(`${replica}/health/ready`).then(
      (reply) => reply.status,
      () => 0,
    );
    if (status === 200) this.ready.add(replica);
    else this.ready.delete(replica);
  }

  private join(client: Socket): void {
    const ready = [...this.ready];
    const replica = ready[this.turn++ % ready.length];
    if (replica === undefined) {
      client.destroy();
      return;
    }
    const { hostname, port } = new URL(replica);
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          this.sockets.delete(one);
          other.destroySoon();
        });
      one.pipe(other);
    }
  }
}
