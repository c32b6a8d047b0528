import type { FastifyInstance } from 'fastify';
import type { FrontendFile } from '../config/built-frontend.js';

/** Scripts and styles of its own, no inline ones; calls to the gateway alone; in nobody's frame. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
/** Where build tools put what has a hash of its content in its name: another content is another name. */
const HASHED = '/assets/';

/**
 * Serves a built frontend: one route a file, its content from memory, so that no path of a client ever becomes one
 * of the file system, and a wrong one is refused like any other.
 */
export function serveFrontend(fastify: FastifyInstance, files: readonly FrontendFile[]): void {
  for (const { path, mediaType, content } of files) {
    const headers = headersOf(path, mediaType);
    fastify.get(
      path,
      {
        config: {
          access: 'public',
          // A page and its files would use up what the sign-in of everybody behind the same address needs; and to
          // send them from memory costs about what a 404 does, which nobody counts either.
          unlimited: true,
          // Names with a hash would be new figures with each release.
          toldAs: path === '/' ? '/' : '/{file}',
        },
      },
      (_request, reply) => reply.headers(headers).send(content),
    );
  }
}

function headersOf(path: string, mediaType: string): Record<string, string> {
  return {
    'content-type': mediaType,
    'cache-control': path.startsWith(HASHED) ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(mediaType.startsWith('text/html') && { 'content-security-policy': PAGE_POLICY }),
  };
}
