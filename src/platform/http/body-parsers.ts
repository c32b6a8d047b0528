import type { FastifyInstance } from 'fastify';
import { readJson } from './json-body.js';
import { readXml } from './xml/xml-reader.js';

/** Media types of request bodies and who reads them. Any other is answered 415. */
const READERS: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  'application/json': readJson,
  'application/xml': readXml,
};

/** Replaces Fastify's own body parsers by the strict readers. */
export function readBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  for (const [type, read] of Object.entries(READERS)) {
    fastify.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (request, bytes, done) => {
      try {
        // Where no body is taken the media type of nothing means nothing.
        done(null, request.routeOptions.config.body === true ? read(bytes) : undefined);
      } catch (error) {
        done(error as Error);
      }
    });
  }
}
