import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './contestant.js';

/** One nginx worker with an `http` block of its own. */
export function nginx(directory: string, http: string): Command {
  const prefix = mkdtempSync(join(directory, 'nginx-'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(prefix, 'nginx.conf'),
    `daemon off; worker_processes 1; pid nginx.pid; error_log stderr;
    events { worker_connections 4096; }
    http {
      access_log off; keepalive_requests 1000000000; client_body_buffer_size 128k;
      ${temporary.map((name) => `${name}_temp_path ${name};`).join(' ')}
      ${http}
    }`,
  );
  return { argv: ['nginx', '-p', prefix, '-c', 'nginx.conf', '-e', 'stderr'], beside: true };
}

/** A proxy that keeps its connections to whatever it stands before: `host:port`, one or more. */
export function nginxProxy(directory: string, port: number, ...before: readonly string[]): Command {
  return nginx(
    directory,
    `upstream next { ${before.map((each) => `server ${each};`).join(' ')} keepalive 512; keepalive_requests 1000000000; }
    server {
      listen 127.0.0.1:${port};
      location / { proxy_pass http://next; proxy_http_version 1.1; proxy_set_header Connection ''; }
    }`,
  );
}

/** An upstream that answers everything at once with the same JSON, but for the action that it was asked for. */
export function nginxUpstream(directory: string, port: number, replyTo: (id: string) => object): Command {
  return nginx(
    directory,
    `server {
      listen 127.0.0.1:${port};
      location ~ /(?<action>[^/]+)$ { default_type application/json; return 200 '${JSON.stringify(replyTo('$action'))}'; }
    }`,
  );
}
