import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { IssuerKeys } from './issuer-keys.js';
import { IssuerMetadata } from './issuer-metadata.js';
import { LogoutTokenVerifier } from './logout-token.js';
import { ScopeGuard } from './scope.guard.js';
import { TokenVerifier } from './token-verifier.js';

/** Who may do what: verifies bearer tokens, and closes every route that does not state who may use it. */
@Module({
  providers: [
    IssuerMetadata,
    IssuerKeys,
    TokenVerifier,
    LogoutTokenVerifier,
    { provide: APP_GUARD, useClass: ScopeGuard },
  ],
  exports: [IssuerKeys, IssuerMetadata, TokenVerifier, LogoutTokenVerifier],
})
export class AuthModule {}
