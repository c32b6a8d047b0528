import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Keeps one value as a JSON file; without a path the value lives in memory only. */
export class StateFile<T> {
  private value: T;

  /**
   * @param path file to read at start and to write after each change
   * @param isState whether a file's content has the shape of this state
   * @param seed what to begin with when there is no file yet
   */
  constructor(
    private readonly path: string | undefined,
    isState: (value: unknown) => value is T,
    seed: T,
  ) {
    this.value = (path === undefined ? undefined : read(path, isState)) ?? seed;
  }

  get current(): T {
    return this.value;
  }

  replace(value: T): void {
    this.value = value;
    if (this.path === undefined) {
      return;
    }
    mkdirSync(dirname(this.path), { recursive: true });
    // Written beside and renamed, so that a kill in between leaves the older state whole.
    writeFileSync(`${this.path}.new`, JSON.stringify(value, null, 2));
    renameSync(`${this.path}.new`, this.path);
  }
}

function read<T>(path: string, isState: (value: unknown) => value is T): T | undefined {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      return undefined;
    }
    throw new Error(`The sandbox cannot read its state in ${path}: start with --reset.`, { cause });
  }
  if (!isState(content)) {
    throw new Error(`The sandbox does not understand its state in ${path}: start with --reset.`);
  }
  return content;
}
