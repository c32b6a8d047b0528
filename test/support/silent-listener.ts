import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';

/** Listens with the shortest queue there is, and then stands still: it accepts nobody, ever. */
const LISTENER = `
  const server = require('node:net').createServer().listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
    require('node:worker_threads').parentPort.postMessage(server.address().port);
    setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 20);
  });`;

/** A port whose queue of connections is full, so that a further attempt to connect hears nothing at all. */
export class SilentListener {
  private constructor(
    readonly port: number,
    private readonly worker: Worker,
    private readonly queued: readonly Socket[],
  ) {}

  static async start(): Promise<SilentListener> {
    const worker = new Worker(LISTENER, { eval: true });
    const [port] = (await once(worker, 'message')) as [number];
    await sleep(100);
    const queued = [1, 2, 3, 4].map(() => connect(port, '127.0.0.1').on('error', () => undefined));
    await sleep(100);
    return new SilentListener(port, worker, queued);
  }

  async close(): Promise<void> {
    for (const socket of this.queued) socket.destroy();
    await this.worker.terminate();
  }
}
