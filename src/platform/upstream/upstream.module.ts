import { HttpService } from '@nestjs/axios';
import { Module, type DynamicModule } from '@nestjs/common';
import { Config, type UpstreamConfig } from '../config/config.js';
import { Metrics } from '../metrics/metrics.js';
import { ConnectionPool } from './connection-pool.js';
import { FixedCredentials, UpstreamCredentials, basic } from './credentials.js';
import { TokenCredentials } from './token-credentials.js';
import { undiciTransport } from './undici-transport.js';
import { UPSTREAM_CONFIG, UPSTREAM_SYSTEM, UpstreamClient, type UpstreamSystem } from './upstream-client.js';
import { UpstreamGate } from './upstream-gate.js';
import { UpstreamHttp } from './upstream-http.js';
import { Upstreams, UpstreamsModule } from './upstreams.js';

/** The only door out. A feature that imports it gets an `UpstreamClient` for its one system. */
@Module({})
export class UpstreamModule {
  static for(system: UpstreamSystem, configOf: (config: Config) => UpstreamConfig): DynamicModule {
    return {
      module: UpstreamModule,
      imports: [UpstreamsModule],
      providers: [
        { provide: UPSTREAM_SYSTEM, useValue: system },
        { provide: UPSTREAM_CONFIG, inject: [Config], useFactory: configOf },
        {
          provide: ConnectionPool,
          inject: [UPSTREAM_CONFIG],
          useFactory: (config: UpstreamConfig) => new ConnectionPool(config),
        },
        {
          provide: HttpService,
          inject: [ConnectionPool],
          useFactory: (pool: ConnectionPool) => new UpstreamHttp(undiciTransport(pool)),
        },
        {
          provide: UpstreamGate,
          inject: [UPSTREAM_CONFIG, UPSTREAM_SYSTEM, Upstreams, Metrics],
          useFactory: watchedGate,
        },
        {
          provide: UpstreamCredentials,
          inject: [UPSTREAM_SYSTEM, UPSTREAM_CONFIG, Metrics],
          useFactory: credentialsFor,
        },
        UpstreamClient,
      ],
      exports: [UpstreamClient],
    };
  }
}

function watchedGate(
  config: UpstreamConfig,
  { name }: UpstreamSystem,
  upstreams: Upstreams,
  metrics: Metrics,
): UpstreamGate {
  const gate = new UpstreamGate(config);
  upstreams.add(name, gate);
  metrics.watchGate(name, gate);
  return gate;
}

/** Tokens come through a door of the same kind, with connections of its own. */
function credentialsFor(
  system: UpstreamSystem,
  config: UpstreamConfig,
  metrics: Metrics,
): UpstreamCredentials {
  const { auth } = config;
  switch (auth.way) {
    case 'none':
      return new FixedCredentials(undefined);
    case 'basic':
      return new FixedCredentials(basic(auth.credentials));
    case 'platojwt':
    case 'bcws':
    case 'oauth2': {
      const there = { ...config, baseUrl: new URL(auth.tokenUrl.origin) };
      const connections = new ConnectionPool(there);
      const none = new FixedCredentials(undefined);
      const endpoint = new UpstreamClient(
        new UpstreamHttp(undiciTransport(connections)),
        new UpstreamGate(there),
        system,
        there,
        none,
        metrics,
      );
      return new TokenCredentials(endpoint, auth, connections);
    }
  }
}
