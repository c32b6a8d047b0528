import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Pool, type Dispatcher } from 'undici';
import type { UpstreamConfig } from '../config/config.js';

/** No documented reply comes near this, bytes. */
const LARGEST_REPLY = 1_048_576;
/** So many writes may be read back at once; they neither wait for clients' calls nor stand in their way. */
export const READ_BACKS_AT_ONCE = 16;
/** A pool in constant use never asks again where its upstream is: it gives way to a new one after so many ms. */
const RENEW_AFTER_MS = 30_000;

/** The connections to one upstream: never fewer than calls, so that none waits for another one's to end. */
export class ConnectionPool implements OnApplicationShutdown {
  private current: Pool;
  private renewAt: number;
  private readonly retiring = new Set<Promise<void>>();

  constructor(
    private readonly config: UpstreamConfig,
    private readonly renewAfterMs = RENEW_AFTER_MS,
    private readonly lookup?: LookupFunction,
  ) {
    this.current = this.made();
    this.renewAt = performance.now() + this.renewAfterMs;
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    if (performance.now() >= this.renewAt) this.renew();
    return this.current.dispatch(options, handler);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.current.close(), ...this.retiring]);
  }

  /** What is under way in the old pool ends there. */
  private renew(): void {
    const closed = this.current.close().finally(() => this.retiring.delete(closed));
    this.retiring.add(closed);
    this.current = this.made();
    this.renewAt = performance.now() + this.renewAfterMs;
  }

  private made(): Pool {
    const { baseUrl, maxInFlight, connectTimeoutMs, idleTimeoutMs, ca } = this.config;
    // Who closes an idle connection first decides whether a request may meet it closed.
    const keepAliveMs = Math.floor(idleTimeoutMs / 2);
    return new Pool(baseUrl.origin, {
      connections: maxInFlight + READ_BACKS_AT_ONCE,
      pipelining: 1,
      allowH2: false,
      connectTimeout: connectTimeoutMs,
      // The same for both, so that a hint of the upstream cannot keep a connection for longer.
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      maxResponseSize: LARGEST_REPLY,
      // Every call has its own, finer deadline.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        rejectUnauthorized: true,
        ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }),
        ...(this.lookup !== undefined && { lookup: this.lookup }),
      },
    });
  }
}
