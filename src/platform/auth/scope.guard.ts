import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { RequestContext } from '../http/request-context.js';
import { routeFacts } from '../http/route-facts.js';
import { insufficientScope } from './insufficient-scope.js';

/** Closed by default: a route that states neither scopes nor that it is public lets nobody in. */
@Injectable()
export class ScopeGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const { access } = routeFacts(execution.getHandler());
    if (access === 'public' || access === 'visitor' || access === 'leaver') return true;
    const { principal } = RequestContext.of(execution.switchToHttp().getRequest<FastifyRequest>().raw);
    if (access === 'signed-in' && principal !== undefined) return true;
    const scopes = typeof access === 'object' ? access.scopes : undefined;
    const missing = scopes?.filter((scope) => principal?.scopes.has(scope) !== true);
    if (missing?.length === 0) return true;
    throw new Problem('forbidden', {
      detail: missing ? `The access token lacks the scope ${missing.join(' ')}.` : 'The route is closed.',
      headers: insufficientScope(scopes),
    });
  }
}
