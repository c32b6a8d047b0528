import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Connections } from './connections.js';

/** More than the system holds for a client that does not read. */
const LARGE = 16 * 1_048_576;
const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

describe('the connections of a server that leaves', () => {
  let server: Server;
  let connections: Connections;
  let answer: (response: ServerResponse) => void;
  const sockets: Socket[] = [];
  beforeEach(async () => {
    answer = (response) => response.end('done');
    server = createServer((_request, response) => {
      answer(response);
    });
    connections = new Connections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    server.close();
  });

  async function client(): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    let text = '';
    socket.setEncoding('latin1').on('data', (some: string) => (text += some));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    await once(socket, 'connect');
    return { socket, received: () => text, closed };
  }

  it('keep the end of a reply that its client is slow to read', async () => {
    answer = (response) => response.end(Buffer.alloc(LARGE));
    const { socket, received, closed } = await client();
    socket.pause();
    socket.write(REQUEST);
    await pause(100);
    connections.leaveAfterReply();
    connections.closeIdle();
    server.close();
    socket.resume();
    await closed;
    expect(received().length).toBeGreaterThan(LARGE);
  });

  it.each([
    ['nothing was ever asked', '', ''],
    ['everything is answered', REQUEST, 'done'],
  ])('are closed if %s', async (_, sent, got) => {
    const { socket, received, closed } = await client();
    socket.write(sent);
    while (!received().endsWith(got)) await pause(5);
    await pause(50);
    connections.closeIdle();
    await closed;
  });

  it('are left alone while a request is on its way in, and say that its reply is the last', async () => {
    const { socket, received, closed } = await client();
    socket.write(REQUEST);
    while (!received().endsWith('done')) await pause(5);
    socket.write(REQUEST.slice(0, 20));
    await pause(50);
    connections.leaveAfterReply();
    connections.closeIdle();
    socket.write(REQUEST.slice(20));
    await closed;
    expect(received()).toMatch(/keep-alive.*done.*Connection: close.*done$/s);
  });

  it('say that the reply is the last also to a request from before', async () => {
    answer = (response) => void setTimeout(() => response.end('done'), 100);
    const { socket, received, closed } = await client();
    socket.write(REQUEST);
    while (connections.inFlight === 0) await pause(5);
    connections.leaveAfterReply();
    await closed;
    expect(received()).toMatch(/Connection: close.*done$/s);
    expect(connections.inFlight).toBe(0);
  });
});
