import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { AxiosRequestConfig } from 'axios';
import { Pool, type Dispatcher, type buildConnector } from 'undici';
import { freePort } from '../../../test/support/gateway.js';
import { SilentListener } from '../../../test/support/silent-listener.js';
import { TransportFailure, undiciTransport, type DispatchLimit } from './undici-transport.js';

/** For localhost, signed by itself. */
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBlTCCATugAwIBAgIUZLw3+CIWFc1bBJeKJpquo0L3l54wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTIzNDYyOVoYDzIxMjYxMDI4
MjM0NjI5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQEVgMPpQVMgnVnE/8WpybW8QM389w95FlMLrvfqKcftroZNUybUr76
t6w1dM3u8H0/lQzHB+Oa/OISEzcwKdnZo2kwZzAdBgNVHQ4EFgQUqaxRW8+uW/3u
DPfyULomYEVLMEgwHwYDVR0jBBgwFoAUqaxRW8+uW/3uDPfyULomYEVLMEgwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SAAwRQIgZ0tKim7ZmnyAehMvsH3z7qy93lkrr87DfvQahZdYtToCIQDAyBdeLIUE
UE8Jay2Eki1DrRkGCdL3whnLKTcsPkpbCg==
-----END CERTIFICATE-----`;
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg3I5KRTVDq0UPRPDz
xBug3cZVk/26lNg3aD/gaaORTpehRANCAAQEVgMPpQVMgnVnE/8WpybW8QM389w9
5FlMLrvfqKcftroZNUybUr76t6w1dM3u8H0/lQzHB+Oa/OISEzcwKdnZ
-----END PRIVATE KEY-----`;

type Limits = Pick<AxiosRequestConfig, 'timeout'> & DispatchLimit;

describe('a call that broke', () => {
  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  function poolTo(origin: string, options: Pool.Options = {}): Pool {
    const pool = new Pool(origin, { connections: 1, allowH2: false, connectTimeout: 500, ...options });
    ends.push(() => pool.destroy());
    return pool;
  }

  /** Listens on loopback and drops its connections when the test ends. */
  async function listening(server: Server): Promise<string> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ends.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Sends a PUT and returns how it failed. */
  async function failureOf(pool: Pool, limits: Limits = {}): Promise<TransportFailure> {
    const config = { method: 'PUT', url: '/', data: '{"a":1}', timeout: 10_000, ...limits };
    const error: unknown = await undiciTransport(pool)(config).then(
      ({ status }) => new Error(`answered ${status}`),
      (reason: unknown) => reason,
    );
    if (error instanceof TransportFailure) return error;
    throw error;
  }

  /** A server that counts the bytes it was sent, and never answers. */
  async function mute(): Promise<{ readonly host: string; readonly received: () => number }> {
    let bytes = 0;
    const host = await listening(
      createServer((socket) => socket.on('data', (chunk: Buffer) => (bytes += chunk.length))),
    );
    return { host, received: () => bytes };
  }

  describe('before anything was written', () => {
    it('over a name that has no address', async () => {
      expect(await failureOf(poolTo('http://nothing.invalid'))).toMatchObject({ notSent: 'dns' });
    });

    it('over a refused connection', async () => {
      const pool = poolTo(`http://127.0.0.1:${await freePort()}`);
      expect(await failureOf(pool)).toMatchObject({ notSent: 'refused', reason: 'broken' });
    });

    it('over a refused connection to each of the addresses of a name', async () => {
      const pool = poolTo(`http://localhost:${await freePort()}`);
      expect(await failureOf(pool)).toMatchObject({ notSent: 'refused' });
    });

    it('over an address without a route', async () => {
      // Loopback's broadcast address: no TCP connection leads there.
      expect(await failureOf(poolTo('http://127.255.255.255:81'))).toMatchObject({ notSent: 'unreachable' });
    });

    it('over a connection that is not taken up in time', async () => {
      const listener = await SilentListener.start();
      ends.push(() => listener.close());
      expect(await failureOf(poolTo(`http://127.0.0.1:${listener.port}`))).toMatchObject({
        notSent: 'connect-timeout',
        reason: 'broken',
      });
    });

    it('over an upstream that does not speak TLS', async () => {
      const host = await listening(createHttpServer());
      expect(await failureOf(poolTo(`https://${host}`))).toMatchObject({ notSent: 'tls' });
    });

    it('over a certificate that nobody vouches for', async () => {
      const received: Buffer[] = [];
      const server = createTlsServer({ key: KEY, cert: CERTIFICATE }, (socket) =>
        socket.on('error', () => undefined).on('data', (chunk: Buffer) => received.push(chunk)),
      );
      const host = await listening(server);
      expect(await failureOf(poolTo(`https://${host}`))).toMatchObject({ notSent: 'tls' });
      expect(received).toEqual([]);
    });

    it('over a certificate for another name', async () => {
      const host = await listening(createTlsServer({ key: KEY, cert: CERTIFICATE }));
      const pool = poolTo(`https://${host}`, { connect: { ca: CERTIFICATE } });
      expect(await failureOf(pool)).toMatchObject({ notSent: 'tls' });
    });

    it('over a connection that is reset in its TLS handshake', async () => {
      const host = await listening(
        createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
      );
      expect(await failureOf(poolTo(`https://${host}`))).toMatchObject({ notSent: 'reset' });
    });

    it('over a pool that is closed', async () => {
      const { host, received } = await mute();
      const pool = poolTo(`http://${host}`);
      await pool.close();
      expect(await failureOf(pool)).toMatchObject({ notSent: 'stopping' });
      expect(received()).toBe(0);
    });

    it('over its deadline, while it waited for a connection to be made', async () => {
      const listener = await SilentListener.start();
      ends.push(() => listener.close());
      const pool = poolTo(`http://127.0.0.1:${listener.port}`, { connectTimeout: 5_000 });
      expect(await failureOf(pool, { timeout: 200 })).toMatchObject({
        notSent: 'given-up',
        reason: 'timeout',
      });
    });

    it('over its deadline, while another call had the connection, and is not sent later either', async () => {
      const { host, received } = await mute();
      const pool = poolTo(`http://${host}`);
      const first = failureOf(pool, { timeout: 400 });
      expect(await failureOf(pool, { timeout: 200 })).toMatchObject({
        notSent: 'given-up',
        reason: 'timeout',
      });
      const before = received();
      expect(await first).toMatchObject({ notSent: undefined, reason: 'timeout' });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(received()).toBe(before);
    });

    it('over a process that stood still past the moment to send', async () => {
      const { host, received } = await mute();
      const failure = failureOf(poolTo(`http://${host}`), { timeout: 10_000, dispatchBy: Date.now() + 50 });
      const until = performance.now() + 100;
      while (performance.now() < until);
      expect(await failure).toMatchObject({ notSent: 'too-late', reason: 'timeout' });
      expect(received()).toBe(0);
    });
  });

  describe('counts as sent', () => {
    it('over a connection that the upstream closes without reading from it', async () => {
      const host = await listening(createServer((socket) => socket.destroy()));
      expect(await failureOf(poolTo(`http://${host}`))).toMatchObject({
        notSent: undefined,
        reason: 'broken',
      });
    });

    it('over a connection that the upstream resets, although the same error is listed', async () => {
      const host = await listening(
        createServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
      );
      const failure = await failureOf(poolTo(`http://${host}`));
      expect(failure).toMatchObject({ notSent: undefined, reason: 'broken' });
      expect(failure.cause).toMatchObject({ code: 'ECONNRESET' });
    });

    it('over a deadline that passes after it was written', async () => {
      const { host } = await mute();
      expect(await failureOf(poolTo(`http://${host}`), { timeout: 200 })).toMatchObject({
        notSent: undefined,
        reason: 'timeout',
      });
    });

    it('when undici starts it again, which ends it', async () => {
      const aborted: unknown[] = [];
      const restarting = {
        dispatch(_options: unknown, handler: Dispatcher.DispatchHandler): boolean {
          const controller = {
            abort(reason: Error) {
              aborted.push(reason);
              handler.onResponseError?.(controller, reason);
            },
          } as unknown as Dispatcher.DispatchController;
          handler.onRequestStart?.(controller, null);
          expect(aborted).toEqual([]);
          handler.onRequestStart?.(controller, null);
          expect(aborted).toHaveLength(1);
          return true;
        },
      };
      const failure = await failureOf(restarting as unknown as Pool);
      expect(failure).toMatchObject({ notSent: undefined, reason: 'broken' });
    });

    it('over an error that is not on the list, even if no connection was there', async () => {
      const broken: buildConnector.connector = (_options, callback) => {
        callback(Object.assign(new Error('too many open files'), { code: 'EMFILE' }), null);
      };
      expect(await failureOf(poolTo('http://127.0.0.1', { connect: broken }))).toMatchObject({
        notSent: undefined,
      });
    });
  });
});
