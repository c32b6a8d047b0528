import findMyWay from 'find-my-way';
import type { FastifyInstance } from 'fastify';
import { Problem } from './problem.js';

/** What a path has. */
export interface PathMethods {
  /** Those that routes have. */
  readonly methods: readonly string[];
  /** The same and OPTIONS, which every path has, as the header `Allow` lists them. */
  readonly allow: string;
}

interface Route {
  readonly methods: Set<string>;
}

/** Knows which methods each path has, so that a wrong method is told from a wrong path. */
export class MethodTable {
  private readonly routes = new Map<string, Route>();
  // The router Fastify itself uses: what it would match, this matches.
  private readonly router;

  constructor(fastify: FastifyInstance, maxParamLength: number) {
    this.router = findMyWay({ caseSensitive: true, maxParamLength });
    fastify.addHook('onRoute', ({ url, method }) => {
      this.add(url, [method].flat());
    });
  }

  private add(url: string, methods: readonly string[]): void {
    const known = this.routes.get(url);
    if (known !== undefined) {
      methods.forEach((method) => known.methods.add(method));
      return;
    }
    const route: Route = { methods: new Set(methods) };
    this.routes.set(url, route);
    this.router.on('GET', url, () => undefined, route);
  }

  /** The methods of a path; nothing if no route has it. */
  of(path: string): PathMethods | undefined {
    const found = this.router.find('GET', path);
    // Nest takes no empty parameter, so no method of the path does either.
    if (found === null || Object.values(found.params).includes('')) return undefined;
    const route = found.store as Route;
    return {
      methods: [...route.methods].sort(),
      allow: [...route.methods, 'OPTIONS'].sort().join(', '),
    };
  }

  /** The problem for a request that no route took: 405 if its path has other methods, else 404. */
  refusal(path: string): Problem {
    const allow = this.of(path)?.allow;
    if (allow === undefined) return new Problem('not-found');
    // RFC 9110 section 15.5.6: a 405 carries Allow.
    return new Problem('method-not-allowed', { detail: `The route supports ${allow}.`, headers: { allow } });
  }
}
