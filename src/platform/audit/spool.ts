import { mkdir, open, readFile, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger } from '@nestjs/common';
import type { Commit } from './audit-store.js';

const SUFFIX = '.json';

/**
 * Outcomes that the store could not take, durable on the local disk until it can. One file each, written
 * aside, flushed and then renamed, so that a crash leaves either a whole one or none.
 */
export class Spool {
  private readonly logger = new Logger(Spool.name);

  private constructor(
    private readonly directory: string,
    private readonly ids: Set<string>,
  ) {}

  static async open(dataDirectory: string): Promise<Spool> {
    const directory = join(dataDirectory, 'spool');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const names = (await readdir(directory)).filter(isWhole);
    return new Spool(directory, new Set(names.map((name) => name.slice(0, -SUFFIX.length))));
  }

  /** How many outcomes are in it. */
  get size(): number {
    return this.ids.size;
  }

  /** Durable once the promise resolves. */
  async put(commit: Commit): Promise<void> {
    const path = join(this.directory, `${commit.entry.id}${SUFFIX}`);
    const file = await open(`${path}.part`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(commit));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    this.ids.add(commit.entry.id);
    await flushDirectory(this.directory);
  }

  /** What is spooled, oldest first: the ids begin with their time. A damaged file stays, and holds up no other. */
  async all(): Promise<Commit[]> {
    const names = (await readdir(this.directory)).filter(isWhole).sort();
    const commits = await Promise.all(names.map((name) => this.read(name)));
    return commits.filter((commit) => commit !== undefined);
  }

  private async read(name: string): Promise<Commit | undefined> {
    const path = join(this.directory, name);
    try {
      const commit = JSON.parse(await readFile(path, 'utf8')) as Commit;
      if (`${commit.entry.id}${SUFFIX}` !== name)
        throw new Error('it holds another outcome than it is called by');
      return commit;
    } catch (cause) {
      this.logger.error({
        message: 'A spooled outcome cannot be read, restore its file or remove it',
        path,
        cause,
      });
      return undefined;
    }
  }

  /** Forgets what the store has taken. */
  async remove({ entry }: Commit): Promise<void> {
    await rm(join(this.directory, `${entry.id}${SUFFIX}`), { force: true });
    this.ids.delete(entry.id);
  }
}

function isWhole(name: string): boolean {
  return name.endsWith(SUFFIX);
}

/** A new name in a directory is durable only once the directory is. */
async function flushDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
