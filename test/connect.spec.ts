import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { json, later } from './support/scripted-upstream.js';

const CONNECT = 'CONNECT elsewhere:443 HTTP/1.1\r\nhost: elsewhere:443\r\n\r\n';

let landscape: Landscape;
beforeAll(async () => (landscape = await Landscape.start({ LOG_LEVEL: 'error' })));
afterAll(() => landscape.end());

async function connected(): Promise<Socket> {
  const socket = connect(Number(new URL(landscape.gateway.url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('CONNECT', () => {
  it.each<[string, (socket: Socket) => Promise<unknown>]>([
    ['at once', () => Promise.resolve()],
    ['once it is answered', (socket) => once(socket, 'readable')],
    ['with more behind it', (socket) => Promise.resolve(socket.write('x'.repeat(100_000)))],
  ])('from a client that resets the connection %s ends no gateway', async (_when, wait) => {
    for (let count = 0; count < 5; count++) {
      const socket = (await connected()).on('error', () => undefined);
      socket.write(CONNECT);
      await wait(socket);
      socket.resetAndDestroy();
    }
    await sleep(200);
    expect((await fetch(`${landscape.gateway.url}/health/live`)).status).toBe(200);
  });

  it('behind a write is not answered in its place', async () => {
    landscape.billing.play(later(300, json(200, DOCUMENTED_REPLY)));
    const body = JSON.stringify({ scheduledDate: '2021-02-14' });
    const socket = await connected();
    const reply = text(socket);
    socket.write(
      `PUT ${ACTION_PATH} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await landscape.issuer.token()}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await sleep(100);
    socket.write(CONNECT);
    const answered = await reply;
    expect(answered).toMatch(/^HTTP\/1.1 200 OK\r\n/);
    expect(answered).not.toContain('405');
  });
});
