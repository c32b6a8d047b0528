import { Agent } from 'node:http';
import express from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { HOST, PORT, UPSTREAM } from './environment.js';

const app = express();
app.use(
  createProxyMiddleware({ target: UPSTREAM, changeOrigin: true, agent: new Agent({ keepAlive: true }) }),
);
app.listen(PORT, HOST);
