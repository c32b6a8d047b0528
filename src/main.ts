import { setSourceMapsSupport } from 'node:module';
import { exitBySignal, listenToSignals, onSignal } from './app.signals.js';
import type { Config as Configuration } from './platform/config/config.js';

/** What an argument asks for instead of a gateway, and what it prints, as JSON. */
const COMMANDS: Readonly<Record<string, (config: Configuration) => Promise<unknown>>> = {
  '--check-config': ({ effective }) => Promise.resolve(effective),
  '--migrate': async ({ data }) => {
    const { bringUpToDate } = await import('./platform/storage/bring-up-to-date.js');
    return { migrated: await bringUpToDate(data) };
  },
};

// Not by Node's flag: with it, pino's look at who calls it keeps a map of 6 MB in memory.
setSourceMapsSupport(true);
listenToSignals();
try {
  const command = commandOf(process.argv.slice(2));
  const { Config } = await import('./platform/config/config.js');
  const config = Config.fromEnvironment(process.env);
  leaveNoneOf('OTEL_');
  await (command === undefined ? serve(config) : print(command(config)));
} catch (error) {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  process.stderr.write(`${message}${cause instanceof Error ? ` (${cause.message})` : ''}\n`);
  // Whatever was already opened would keep a process alive that serves nobody.
  process.exit(1);
}

/** A mistyped argument starts nothing: whoever wanted a check must not get a gateway. */
function commandOf(given: readonly string[]): (typeof COMMANDS)[string] | undefined {
  const [name, ...others] = given;
  if (name === undefined) return undefined;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined || others.length > 0)
    throw new Error(`Unknown arguments: known is one of ${Object.keys(COMMANDS).join(', ')}`);
  return command;
}

async function print(result: Promise<unknown>): Promise<void> {
  // It was asked for to the end, so whatever stops it is no success.
  onSignal(exitBySignal);
  process.stdout.write(`${JSON.stringify(await result, null, 2)}\n`);
}

/** The tracing library would read its own variables, of which only some are settings here, once more by itself. */
function leaveNoneOf(prefix: string): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith(prefix)) Reflect.deleteProperty(process.env, name);
  }
}

async function serve(config: Configuration): Promise<void> {
  const [{ createGateway }, { AppStop }, { collectStartGarbage }] = await Promise.all([
    import('./app.setup.js'),
    import('./app.stop.js'),
    import('./platform/memory/start-garbage.js'),
  ]);
  const app = await createGateway(config);
  const stop = new AppStop(app);
  await app.init();
  collectStartGarbage();
  await app.listen(config.server.port, config.server.host);
  onSignal((signal) => void stop.exit(signal));
}
