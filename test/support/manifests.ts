import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const DEPLOY = join(import.meta.dirname, '../../deploy');

/** Every file of deploy/, by its path in there. */
export const DEPLOYED = readdirSync(DEPLOY, { recursive: true, encoding: 'utf8' }).sort();

/** A file of deploy/ as it stands. */
export function read(file: string): string {
  return readFileSync(join(DEPLOY, file), 'utf8');
}

/** The one YAML document of a file, its anchors and merges resolved. */
export function manifest(file: string): unknown {
  return parse(read(file), { merge: true });
}

/** Settings as `NAME=value` lines. */
export function settingsIn(content: string): Record<string, string> {
  return Object.fromEntries(
    [...content.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

export interface Service {
  readonly image?: string;
  readonly profiles?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly command?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly mem_limit?: string;
  readonly [other: string]: unknown;
}

/** compose.yaml, as far as it is asked about. */
export interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

export const COMPOSE = manifest('compose/compose.yaml') as Compose;

/** A service of compose.yaml. */
export function service(name: string): Service {
  const found = COMPOSE.services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}
