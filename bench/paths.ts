import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
export const PEERS_SOURCE = join(import.meta.dirname, 'peers');
export const COMPILED_PEERS = join(import.meta.dirname, 'dist');
export const RESULTS = join(import.meta.dirname, 'results');
export const WRK_SCRIPT = join(import.meta.dirname, 'write.lua');
