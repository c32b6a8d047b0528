import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Pool } from 'undici';
import type { UpstreamConfig } from '../config/config.js';
import { UPSTREAM_CONFIG } from './upstream-client.js';

/** No documented reply comes near this, bytes. */
const LARGEST_REPLY = 1_048_576;
const CONNECTIONS = 32;

/** The connections to one upstream, closed when the process stops. */
@Injectable()
export class ConnectionPool implements OnApplicationShutdown {
  readonly pool: Pool;

  constructor(@Inject(UPSTREAM_CONFIG) config: UpstreamConfig) {
    this.pool = new Pool(config.baseUrl.origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      allowH2: false,
      connectTimeout: config.connectTimeoutMs,
      // The same for both, so that a hint of the upstream cannot keep a connection for longer.
      keepAliveTimeout: config.idleTimeoutMs,
      keepAliveMaxTimeout: config.idleTimeoutMs,
      maxResponseSize: LARGEST_REPLY,
      // Every call has its own, finer deadline.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.close();
  }
}
