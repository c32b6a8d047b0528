import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A program that npm does not bring, at the first of these places. */
export function installed(variable, paths) {
  const found = [process.env[variable] ?? '', ...paths].find((path) => existsSync(path));
  if (found === undefined) throw new Error(`Not found: ${paths.join(', ')}; ${variable} may name another.`);
  return found;
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return String(port);
}

/** The sandbox, its gateway telling its figures on a port; resolves with its addresses. */
export async function startSandbox(dataDir, metricsPort) {
  const names = ['PORT', 'SANDBOX_LENDING_PORT', 'SANDBOX_BILLING_PORT', 'SANDBOX_ISSUER_PORT'];
  const ports = Object.fromEntries(await Promise.all(names.map(async (name) => [name, await freePort()])));
  const settings = { DATA_DIR: dataDir, METRICS_PORT: metricsPort, SANDBOX_TIMEOUT_MS: '3000' };
  const child = spawn(process.execPath, ['dist/sandbox/main.js', '--json'], {
    env: { ...process.env, LOG_LEVEL: 'error', ...ports, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    said += text;
    const line = /^\{.*\}$/m.exec(said)?.[0];
    if (line !== undefined) return { ...JSON.parse(line), stop: () => stop(child) };
  }
  throw new Error(`The sandbox did not start:\n${said}`);
}

/** A Prometheus that scrapes the gateway every second; resolves with its address. */
export async function startPrometheus(directory, metricsPort) {
  mkdirSync(directory);
  const config = join(directory, 'prometheus.yaml');
  const scraped = { job_name: 'surehand', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] };
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: [relabelled(scraped)] }),
  );
  const port = await freePort();
  const child = spawn(
    installed('PROMETHEUS_PATH', ['/usr/bin/prometheus', '/usr/local/bin/prometheus']),
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) {
    if (child.exitCode !== null) throw new Error('Prometheus did not start.');
    await pause(100);
  }
  return { url, stop: () => stop(child) };
}

/** The port was free by chance and says nothing. */
function relabelled(scraped) {
  return { ...scraped, relabel_configs: [{ target_label: 'instance', replacement: 'gateway-1' }] };
}

async function isReady(url) {
  return await fetch(`${url}/-/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
