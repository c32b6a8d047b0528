import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { MetricsServer } from './metrics-server.js';
import { Metrics } from './metrics.js';

/** Figures for operators. Every module may tell of what happens in it. */
@Global()
@Module({
  providers: [
    {
      provide: Metrics,
      inject: [Config],
      useFactory: ({ metrics }: Config) => (metrics.port === undefined ? Metrics.off : Metrics.on()),
    },
    MetricsServer,
  ],
  exports: [Metrics],
})
export class MetricsModule {}
