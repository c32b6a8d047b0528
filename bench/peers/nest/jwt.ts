import { Injectable } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import { passportJwtSecret } from 'jwks-rsa';
import { ExtractJwt, Strategy } from 'passport-jwt';
import { AUDIENCE, ISSUER } from '../environment.js';

export interface Principal {
  readonly subject: string;
  readonly scopes: readonly string[];
}

/** A request that `JwtGuard` has let pass. */
export interface AuthenticatedRequest {
  readonly method: string;
  readonly url: string;
  readonly user: Principal;
}

interface Claims {
  readonly sub: string;
  readonly scope?: string;
}

/** As the documentation of jwks-rsa shows it: keys are cached, and asked for at most five times a minute. */
@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy) {
  constructor() {
    super({
      jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
      secretOrKeyProvider: passportJwtSecret({
        cache: true,
        rateLimit: true,
        jwksRequestsPerMinute: 5,
        jwksUri: `${ISSUER}/jwks`,
      }),
      issuer: ISSUER,
      audience: AUDIENCE,
      algorithms: ['RS256'],
    });
  }

  validate({ sub, scope = '' }: Claims): Principal {
    return { subject: sub, scopes: scope.split(' ') };
  }
}

@Injectable()
export class JwtGuard extends AuthGuard('jwt') {}
