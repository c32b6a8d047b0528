import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Metrics } from './metrics.js';

/** Whoever scrapes is few. */
const MOST_CONNECTIONS = 32;
const REQUEST_WITHIN_MS = 5_000;

/** Serves `/metrics` on an address of its own, so that whoever reaches the gateway does not reach its figures. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(MetricsServer.name);
  private readonly server = createServer(
    { requestTimeout: REQUEST_WITHIN_MS, headersTimeout: REQUEST_WITHIN_MS },
    (request, response) => void this.answer(request, response),
  );

  constructor(
    private readonly config: Config,
    private readonly metrics: Metrics,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { port, host } = this.config.metrics;
    if (port === undefined) return;
    this.server.maxConnections = MOST_CONNECTIONS;
    // It must not keep a process alive that serves nobody.
    this.server.listen(port, host).unref();
    await once(this.server, 'listening');
    this.logger.log({ message: 'Metrics are served', address: this.server.address() });
  }

  onApplicationShutdown(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url } = request;
    if (url !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    if (method !== 'GET' && method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    try {
      const text = await this.metrics.text();
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(text);
    } catch (error) {
      this.logger.error({ message: 'The metrics could not be read', cause: error });
      response.writeHead(500).end();
    }
  }
}
