import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Pool } from 'undici';
import { HOST, PORT, UPSTREAM } from './environment.js';

// What Node can do at best: it reads the request, calls the upstream, writes the reply, and looks at nothing.
const upstream = new Pool(UPSTREAM);

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const reply = await upstream.request({
    path: request.url ?? '/',
    method: request.method ?? 'GET',
    headers: { 'content-type': request.headers['content-type'] ?? 'application/json' },
    body: await buffer(request),
  });
  const body = await reply.body.bytes();
  response.writeHead(reply.statusCode, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

createServer((request, response) => {
  pass(request, response).catch(() => {
    response.writeHead(502).end();
  });
}).listen(PORT, HOST);
