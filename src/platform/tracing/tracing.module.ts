import { Module, type DynamicModule } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Tracing } from './tracing.js';

/** Traces for operators. */
@Module({})
export class TracingModule {
  /** `replica` is this process, as records name it. */
  static of(replica: string): DynamicModule {
    return {
      module: TracingModule,
      providers: [
        {
          provide: Tracing,
          inject: [Config],
          useFactory: ({ tracing }: Config) =>
            tracing === undefined ? Tracing.off : Tracing.on(tracing, replica),
        },
      ],
    };
  }
}
