import { Module, type DynamicModule } from '@nestjs/common';
import { Config } from './config.js';

/** Every module may read the configuration; none reads the environment. */
@Module({})
export class ConfigModule {
  static of(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: Config, useValue: config }],
      exports: [Config],
    };
  }
}
