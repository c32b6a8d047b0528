import { once } from 'node:events';

interface Reply {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
}

/** What a process holds after everything that it no longer needs is gone. */
export interface Held {
  readonly heapBytes: number;
  /** Timers, sockets and whatever else keeps a process busy, by kind. */
  readonly resources: number;
}

/** Looks into a Node process that was started with `--inspect`, by the DevTools protocol. */
export class Inspector {
  private last = 0;

  private constructor(private readonly socket: WebSocket) {}

  static async attach(port: number): Promise<Inspector> {
    const [target] = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as [
      { readonly webSocketDebuggerUrl: string },
    ];
    const socket = new WebSocket(target.webSocketDebuggerUrl);
    await once(socket, 'open');
    return new Inspector(socket);
  }

  /** Collects garbage first. */
  async held(): Promise<Held> {
    for (let round = 0; round < 2; round++) await this.send('HeapProfiler.collectGarbage');
    const { usedSize } = await this.send('Runtime.getHeapUsage');
    const { result } = await this.send('Runtime.evaluate', {
      expression: 'process.getActiveResourcesInfo().length',
    });
    const { value } = result as { readonly value: number };
    return { heapBytes: usedSize as number, resources: value };
  }

  close(): void {
    this.socket.close();
  }

  private send(method: string, params: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const id = ++this.last;
    return new Promise((resolve) => {
      const hear = ({ data }: MessageEvent): void => {
        const reply = JSON.parse(String(data)) as Reply;
        if (reply.id !== id) return;
        this.socket.removeEventListener('message', hear);
        resolve(reply.result ?? {});
      };
      this.socket.addEventListener('message', hear);
      this.socket.send(JSON.stringify({ id, method, params }));
    });
  }
}
