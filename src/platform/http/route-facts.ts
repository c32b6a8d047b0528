import { applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';

/** Names an audited operation, such as `handoff.update-status`. */
export type OperationName = `${string}.${string}`;

/** What a route states about itself. Hooks, guards, the audit trail and the OpenAPI document act on it. */
export interface RouteFacts {
  /**
   * Without it the route is closed. Who is merely signed in sees there what is their own. A visitor may have a
   * session, and then it is known whose. A leaver too, but what it permits is not asked: that takes the provider.
   */
  readonly access?: 'public' | 'visitor' | 'leaver' | 'signed-in' | { readonly scopes: readonly string[] };
  readonly operation?: OperationName;
  /** The path parameter that names the resource of the operation. */
  readonly resourceParameter?: string;
  /** Root element of a successful reply in XML; a route without one answers in one media type only. */
  readonly xmlRoot?: string;
  /** That media type, where `Accept` must admit it. A page, or the document, is what it is. */
  readonly mediaType?: string;
  /** The route reads query parameters; without it any query is refused, unless the route is public. */
  readonly query?: true;
  /** The route counts against nobody's rate limit, and has no span: for probes and the like, which must never be refused, and files. */
  readonly unlimited?: true;
  /** What the log and the figures call it, if not by its path. */
  readonly toldAs?: string;
  /** The route reads a body, JSON or XML, or a form; without it any body is refused. */
  readonly body?: true | 'form';
  /** A person looks at the reply: a problem is told as a page, if the browser prefers one. */
  readonly page?: true;
}

declare module 'fastify' {
  // Fastify's own extension point for what a route states.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface FastifyContextConfig extends RouteFacts {}
}

/** Adds facts to a route; several decorators may each add their own. */
export function StatesFacts(facts: RouteFacts): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    RouteConfig({ ...routeFacts(descriptor.value as object), ...facts })(target, key, descriptor);
  };
}

/** The facts that a controller's method states. */
export function routeFacts(handler: object): RouteFacts {
  return (Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler) ?? {}) as RouteFacts;
}

/** Name of the security scheme in the OpenAPI document. */
export const ACCESS_TOKEN = 'access-token';

/** The caller must hold every one of these scopes. */
export const RequireScopes = (...scopes: string[]): MethodDecorator =>
  applyDecorators(StatesFacts({ access: { scopes } }), ApiSecurity(ACCESS_TOKEN, scopes));

/** Open to everyone. */
export const Public = (): MethodDecorator => StatesFacts({ access: 'public' });

/** Open to everyone; whoever has a session is known by it alone, whether or not the identity provider is there. */
export const Left = (): MethodDecorator => StatesFacts({ access: 'leaver' });

/** Open to everyone; whoever has a session is known. */
export const Visited = (): MethodDecorator => StatesFacts({ access: 'visitor' });

/** A person looks at the reply: what is wrong is told as a page, if the browser prefers one. */
export const ForPeople = (): MethodDecorator => StatesFacts({ page: true });

/**
 * Open to everyone, as often as they like: whoever asks decides whether this replica lives, or has thousands of
 * sessions to end at once.
 */
export const Unlimited = (): MethodDecorator => StatesFacts({ access: 'public', unlimited: true });

/** Open to every authenticated principal; what they may see there is the route's own matter. */
export const SignedIn = (): MethodDecorator =>
  applyDecorators(StatesFacts({ access: 'signed-in' }), ApiSecurity(ACCESS_TOKEN, []));

/**
 * The route reads or changes business data: as which operation, and on which resource it is recorded. Without a
 * path parameter the body names the resource.
 */
export const AuditedOperation = (operation: OperationName, resourceParameter?: string): MethodDecorator =>
  StatesFacts({ operation, ...(resourceParameter !== undefined && { resourceParameter }) });
