import { Agent } from 'node:http';
import { HttpModule } from '@nestjs/axios';
import { Module } from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { UPSTREAM } from '../environment.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { DeferredActionsController } from './deferred-actions.controller.js';
import { JwtGuard, JwtStrategy } from './jwt.js';
import { ScopeGuard } from './scope.guard.js';

/** The gateway that a good team writes in a day, by the documentation of NestJS: the usual parts, set up sensibly. */
@Module({
  imports: [
    PassportModule,
    HttpModule.register({
      baseURL: UPSTREAM,
      httpAgent: new Agent({ keepAlive: true }),
      timeout: 10_000,
      maxRedirects: 0,
    }),
  ],
  controllers: [DeferredActionsController],
  providers: [
    JwtStrategy,
    { provide: APP_GUARD, useClass: JwtGuard },
    { provide: APP_GUARD, useClass: ScopeGuard },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
export class AppModule {}
