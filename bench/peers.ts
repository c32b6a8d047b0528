import { join } from 'node:path';
import { AUDIENCE } from '../test/support/token-issuer.js';
import type { Contestant } from './contestant.js';
import { nginxProxy } from './nginx.js';
import { COMPILED_PEERS } from './paths.js';
import { changeBy } from './surehand.js';

const write = changeBy();

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
