import { join } from 'node:path';
import { ACTIONS, bearer, JSON_CHANGE } from './write.js';
import type { Contestant, Write } from './contestant.js';
import { nginxProxy } from './nginx.js';
import { COMPILED_PEERS } from './paths.js';
import type { World } from './world.js';
import { AUDIENCE } from '../test/support/token-issuer.js';

async function write(world: World): Promise<Write> {
  return { path: ACTIONS, headers: { ...JSON_CHANGE.headers, ...(await bearer(world)) }, body: JSON_CHANGE.body };
}

function nodePeer(name: string, program: string): Contestant {
  return {
    name,
    commands: ({ port, upstream, provider }) => [
      {
        argv: [process.execPath, join(COMPILED_PEERS, program)],
        env: {
          NODE_ENV: 'production',
          PORT: String(port),
          UPSTREAM: upstream,
          ISSUER: provider.url,
          AUDIENCE,
        },
      },
    ],
    write,
  };
}

/** What people would use instead, by the names that the results are compared by. */
export const PEERS = {
  nginx: {
    name: 'nginx proxy_pass',
    commands: ({ directory, port, upstream }) => [
      { ...nginxProxy(directory, port, new URL(upstream).host), beside: false },
    ],
    write,
  },
  node: nodePeer('node:http and undici', 'node-undici.js'),
  fastify: nodePeer('@fastify/http-proxy', 'fastify-http-proxy.js'),
  express: nodePeer('Express, http-proxy-middleware', 'express-http-proxy.js'),
  nest: nodePeer('NestJS on Express, @nestjs/axios', 'nest/main.js'),
} as const satisfies Record<string, Contestant>;
