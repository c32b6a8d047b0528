import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionPool } from './connection-pool.js';
import { undiciTransport } from './undici-transport.js';

const RENEW_AFTER_MS = 300;

/** Answers with its own address after some time, and counts who is connected. */
class Machine {
  connected = 0;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.connected++;
      socket.on('close', () => this.connected--);
    });
  }

  static async start(address: string, port = 0): Promise<Machine> {
    const server = createServer((_request, response) => {
      setTimeout(() => response.end(address), 30);
    }).listen(port, address);
    await once(server, 'listening');
    return new Machine(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('the connections to an upstream', () => {
  it('follow its name to another address under traffic, and no request fails', async () => {
    const old = await Machine.start('127.0.0.1');
    const next = await Machine.start('127.0.0.2', old.port);
    let address = '127.0.0.1';
    const lookup: LookupFunction = (_name, { all }, callback) => {
      if (all === true) callback(null, [{ address, family: 4 }]);
      else callback(null, address, 4);
    };
    const pool = new ConnectionPool(
      {
        baseUrl: new URL(`http://upstream.example:${old.port}`),
        auth: { way: 'none' },
        timeoutMs: 5_000,
        connectTimeoutMs: 1_000,
        idleTimeoutMs: 8_000,
        maxInFlight: 8,
        circuitBreaker: false,
        ca: undefined,
      },
      RENEW_AFTER_MS,
      lookup,
    );
    const send = undiciTransport(pool);
    const answers: { readonly at: number; readonly from: string }[] = [];
    let going = true;
    const client = async (): Promise<void> => {
      while (going) {
        const { data } = await send({ method: 'PUT', url: '/', data: '{}', timeout: 5_000 });
        answers.push({ at: performance.now(), from: String(data) });
      }
    };
    const clients = Promise.all(Array.from({ length: 8 }, client));
    await sleep(RENEW_AFTER_MS * 1.5);
    address = '127.0.0.2';
    const changed = performance.now();
    await sleep(RENEW_AFTER_MS * 3);
    going = false;
    // No call failed.
    await clients;

    const lastOfOld = answers.findLast(({ from }) => from === '127.0.0.1')?.at ?? NaN;
    console.log(
      `${answers.length} calls; the last one to the old address ended ${(lastOfOld - changed).toFixed(0)} ms after the change`,
    );
    expect(answers[0]?.from).toBe('127.0.0.1');
    expect(lastOfOld - changed).toBeLessThan(RENEW_AFTER_MS + 250);
    expect(old.connected).toBe(0);
    await pool.onApplicationShutdown();
    old.close();
    next.close();
  });
});
