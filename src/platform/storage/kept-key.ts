import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of a key that is made once and kept in the data directory, for its owner's eyes only. */
export function keptKey(directory: string, name: string, make: () => string): string {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, name);
  try {
    writeFileSync(path, make(), { flag: 'wx', mode: 0o600, flush: true });
  } catch (error) {
    // Made by an earlier start.
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(path, 'utf8');
}

/** So many random bytes, made once and kept as base64; throws if the file holds something else. */
export function keptBytes(directory: string, name: string, length: number): Buffer {
  const make = (): string => crypto.getRandomValues(Buffer.alloc(length)).toString('base64');
  const key = Buffer.from(keptKey(directory, name, make), 'base64');
  if (key.length === length) return key;
  throw noKey(directory, name);
}

/** A kept file that is no key. */
export function noKey(directory: string, name: string): Error {
  return new Error(`${name} in ${directory} holds no key; restore it, or remove it to have a new one made`);
}
