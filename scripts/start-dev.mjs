// Starts the built gateway as `npm start` does, with its log made readable. For development: it reads the same
// environment, takes the same arguments, and ends with the gateway's own exit code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { pipeline } from 'node:stream/promises';
import pretty from 'pino-pretty';

/** A terminal tells npm and this script of the same Ctrl-C, and npm passes it on: that is one signal, not two. */
const SAME_SIGNAL_WITHIN_MS = 200;

const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const gateway = spawn(process.execPath, [...scripts.start.split(' ').slice(1), ...process.argv.slice(2)], {
  stdio: ['ignore', 'pipe', 'inherit'],
  // In a process group of its own only what is passed on here reaches it.
  detached: true,
});
const ended = once(gateway, 'exit');

let lastAt = -Infinity;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    if (performance.now() - lastAt < SAME_SIGNAL_WITHIN_MS) return;
    lastAt = performance.now();
    // The gateway knows the other two.
    gateway.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal);
  });
}

const log = pretty({
  colorize: process.stdout.isTTY === true,
  messageKey: 'message',
  errorLikeObjectKeys: ['cause'],
  translateTime: 'HH:MM:ss.l',
  singleLine: true,
});
await pipeline(gateway.stdout, log);
const [code, signal] = await ended;
process.exit(code ?? 128 + constants.signals[signal]);
