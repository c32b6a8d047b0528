import type { FastifyInstance } from 'fastify';
import { readForm } from './form-body.js';
import { readJson } from './json-body.js';
import { unsupportedMediaType } from './problem.js';
import type { RouteFacts } from './route-facts.js';
import { readXml } from './xml/xml-reader.js';

interface Reader {
  readonly read: (bytes: Buffer) => unknown;
  /** For the routes that state this. */
  readonly body: NonNullable<RouteFacts['body']>;
}

/** Media types of request bodies and who reads them. Any other is answered 415. */
const READERS: Readonly<Record<string, Reader>> = {
  'application/json': { read: readJson, body: true },
  'application/xml': { read: readXml, body: true },
  'application/x-www-form-urlencoded': { read: readForm, body: 'form' },
};

/** Replaces Fastify's own body parsers by the strict readers. */
export function readBodies(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  for (const [type, reader] of Object.entries(READERS)) {
    fastify.addContentTypeParser<Buffer>(type, { parseAs: 'buffer' }, (request, bytes, done) => {
      const { body } = request.routeOptions.config;
      try {
        // Where no body is taken the media type of nothing means nothing.
        if (body !== undefined && body !== reader.body) throw unsupportedMediaType();
        done(null, body === undefined ? undefined : reader.read(bytes));
      } catch (error) {
        done(error as Error);
      }
    });
  }
}
