import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AuditModule } from '../audit/audit.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { Sealing } from '../auth/sealing.js';
import { Config, SessionsConfig } from '../config/config.js';
import { keptBytes } from '../storage/kept-key.js';
import { AuthController } from './auth.controller.js';
import { BackChannelLogout } from './back-channel-logout.js';
import { IdentityProvider } from './identity-provider.js';
import { Logins } from './login.js';
import { PermittedOperations } from './permitted-operations.js';
import { Revocations } from './revocations.js';
import { SessionPrincipals } from './session-principals.js';
import { SessionView } from './session-view.js';
import { SessionsController } from './sessions.controller.js';
import { SessionsDesk } from './sessions-desk.js';
import { Sessions } from './sessions.js';
import { SignIn } from './sign-in.js';
import { SignOut } from './sign-out.js';
import { TokenRefresh } from './token-refresh.js';
import { TokenVault } from './tokens.js';
import { Upkeep } from './upkeep.js';

const KEY_BYTES = 32;

/** Browser sessions, where the gateway has a client at the identity provider (RFC 10017). */
@Module({
  imports: [AuditModule, AuthModule, DiscoveryModule],
  controllers: [SessionsController, AuthController],
  providers: [
    {
      provide: Sealing,
      inject: [SessionsConfig, Config],
      useFactory: ({ key }: SessionsConfig, { data }: Config) =>
        new Sealing(key ?? keptBytes(data.directory, 'session.key', KEY_BYTES)),
    },
    BackChannelLogout,
    IdentityProvider,
    Logins,
    PermittedOperations,
    Revocations,
    SessionPrincipals,
    SessionView,
    Sessions,
    SessionsDesk,
    SignIn,
    SignOut,
    TokenRefresh,
    TokenVault,
    Upkeep,
  ],
})
export class SessionsModule {
  static of(config: SessionsConfig): DynamicModule {
    return { module: SessionsModule, providers: [{ provide: SessionsConfig, useValue: config }] };
  }
}
