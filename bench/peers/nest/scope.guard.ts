import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { AuthenticatedRequest } from './jwt.js';

export const RequireScope = Reflector.createDecorator<string>();

@Injectable()
export class ScopeGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const scope = this.reflector.get(RequireScope, context.getHandler());
    return context.switchToHttp().getRequest<AuthenticatedRequest>().user.scopes.includes(scope);
  }
}
