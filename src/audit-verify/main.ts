import { parseArgs } from 'node:util';
import { SigningKeys } from './checkpoint.js';
import { readExportedCheckpoints } from './exported-checkpoints.js';
import { Unverifiable } from './finding.js';
import { openPostgresTrail } from './postgres-trail.js';
import { openSqliteTrail } from './sqlite-trail.js';
import { asJson, asLine } from './told.js';
import { verify, type Report } from './verify.js';

/** What the process ends with. */
const EXIT = { ok: 0, tampered: 1, unverifiable: 2 } as const;

const USAGE =
  'usage: audit:verify -- --database <postgres URL | data directory | database file> [--checkpoints <log file>] [--public-key <pem file>]... [--json]';

type Options = ReturnType<typeof readOptions>;

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        database: { type: 'string' },
        checkpoints: { type: 'string' },
        'public-key': { type: 'string', multiple: true },
        json: { type: 'boolean' },
      },
    });
    if (values.database === undefined) throw new Unverifiable('--database is missing');
    return { ...values, database: values.database };
  } catch (error) {
    throw new Unverifiable(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

async function run(options: Options): Promise<Report> {
  const keys = SigningKeys.read(options['public-key'] ?? []);
  // Before the trail: whatever was exported by now is in the state that is looked at.
  const exported =
    options.checkpoints === undefined ? [] : await readExportedCheckpoints(options.checkpoints);
  const trail = /^postgres(ql)?:/.test(options.database)
    ? await openPostgresTrail(options.database)
    : openSqliteTrail(options.database);
  try {
    return await verify(trail, { keys, exported });
  } finally {
    await trail.close();
  }
}

try {
  const options = readOptions(process.argv.slice(2));
  const report = await run(options);
  process.stdout.write(`${options.json === true ? asJson(report) : asLine(report)}\n`);
  process.exitCode = report.finding === null ? EXIT.ok : EXIT.tampered;
} catch (error) {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  process.stderr.write(`NOT CHECKED: ${message}${cause instanceof Error ? ` (${cause.message})` : ''}\n`);
  process.exitCode = EXIT.unverifiable;
}
