import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../test/support/gateway.js';
import { DOCUMENTED_REPLY } from '../test/support/landscape.js';
import { OpenIdProvider } from '../test/support/openid-provider.js';
import { PostgresServer, query } from '../test/support/postgres.js';
import { nginxUpstream } from './nginx.js';
import { Pinned } from './processes.js';

/** What billing says of an action that it changed. */
const modified = (id: string): object => ({ ...DOCUMENTED_REPLY, actionId: { id, uri: null } });

/** All that stands around what is measured: the upstream, the provider, the database, and where to listen. */
export class World {
  private database: Promise<PostgresServer> | undefined;

  private constructor(
    /** For whatever a run leaves behind. */
    readonly directory: string,
    /** Where every contestant listens. */
    readonly port: number,
    readonly upstream: string,
    readonly provider: OpenIdProvider,
    /** What is to be ended, the last first. */
    private readonly parts: AsyncDisposableStack,
  ) {}

  /** Starts it, or leaves nothing behind. Its files are `under` a directory. */
  static async start(under = tmpdir()): Promise<World> {
    await using parts = new AsyncDisposableStack();
    const directory = mkdtempSync(join(under, 'surehand-bench-'));
    parts.defer(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    const [port, upstreamPort] = [await freePort(), await freePort()];
    parts.defer(() => Pinned.stopAll());
    Pinned.start(nginxUpstream(directory, upstreamPort, modified));
    const provider = await OpenIdProvider.start(`http://127.0.0.1:${port}`, { accessTokenSeconds: 86_400 });
    parts.defer(() => provider.close());
    return new World(directory, port, `http://127.0.0.1:${upstreamPort}`, provider, parts.move());
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** An empty data directory of this name; what an earlier run left there is removed. */
  dataDirectory(name = 'data'): string {
    const path = join(this.directory, name);
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    return path;
  }

  /** One server for all that need it, started for the first; on the cores of the load generator. */
  async postgres(): Promise<PostgresServer> {
    return await (this.database ??= this.startDatabase());
  }

  /** The main process of PostgreSQL, if it runs. */
  async postgresPid(): Promise<number | undefined> {
    if (this.database === undefined) return undefined;
    const [row] = await query((await this.database).url(), "select pg_read_file('postmaster.pid') as file");
    return Number.parseInt(String(row?.['file']));
  }

  /** Ends all of it, and before that whatever else still runs on a core of its own. */
  async end(): Promise<void> {
    await Pinned.stopAll();
    await this.parts.disposeAsync();
  }

  private async startDatabase(): Promise<PostgresServer> {
    return this.parts.adopt(await PostgresServer.start(), (server) => server.discard());
  }
}
