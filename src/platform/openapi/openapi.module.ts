import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { DocsController } from './docs.controller.js';
import { Documentation } from './documentation.js';
import { ProblemsController } from './problems.controller.js';

/** The contract for people and programs: OpenAPI, Swagger UI, and the registry of problems. */
@Module({
  imports: [AuthModule],
  controllers: [DocsController, ProblemsController],
  providers: [Documentation],
  exports: [Documentation],
})
export class OpenApiModule {}
