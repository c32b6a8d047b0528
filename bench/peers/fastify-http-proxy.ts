import httpProxy from '@fastify/http-proxy';
import { fastify } from 'fastify';
import { HOST, PORT, UPSTREAM } from './environment.js';

const app = fastify();
await app.register(httpProxy, { upstream: UPSTREAM });
await app.listen({ host: HOST, port: PORT });
