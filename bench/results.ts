import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from './measure.js';
import type { Options } from './options.js';
import { RESULTS } from './paths.js';
import type { Surroundings } from './surroundings.js';

/** What one contestant came to, round by round. */
export interface Row {
  readonly group: string;
  readonly name: string;
  readonly rounds: Figures[];
}

export interface Results {
  readonly surroundings: Surroundings;
  readonly options: Pick<Options, 'rounds' | 'warmUpS' | 'measureS'>;
  readonly rows: readonly Row[];
}

export type Kind = 'peers' | 'growth';

const fileOf = (kind: Kind): string => join(RESULTS, `${kind}.json`);

export function save(kind: Kind, results: Results): string {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(fileOf(kind), JSON.stringify(results, null, 2));
  return fileOf(kind);
}

/** The last results; undefined if nothing was measured yet. */
export function last(kind: Kind): Results | undefined {
  try {
    return JSON.parse(readFileSync(fileOf(kind), 'utf8')) as Results;
  } catch {
    return undefined;
  }
}
