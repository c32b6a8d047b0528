import { setSourceMapsSupport } from 'node:module';
import { listenToSignals, onSignal } from './app.signals.js';
import type { Config as Configuration } from './platform/config/config.js';

const CHECK_CONFIG = '--check-config';

// Not by Node's flag: with it, pino's look at who calls it keeps a map of 6 MB in memory.
setSourceMapsSupport(true);
listenToSignals();
try {
  const onlyCheck = isOnlyCheck(process.argv.slice(2));
  const { Config } = await import('./platform/config/config.js');
  const config = Config.fromEnvironment(process.env);
  leaveNoneOf('OTEL_');
  if (onlyCheck) process.stdout.write(`${JSON.stringify(config.effective, null, 2)}\n`);
  else await serve(config);
} catch (error) {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  process.stderr.write(`${message}${cause instanceof Error ? ` (${cause.message})` : ''}\n`);
  // Whatever was already opened would keep a process alive that serves nobody.
  process.exit(1);
}

/** A mistyped argument starts nothing: whoever wanted a check must not get a gateway. */
function isOnlyCheck(asked: readonly string[]): boolean {
  const unknown = asked.filter((argument) => argument !== CHECK_CONFIG);
  if (unknown.length > 0) throw new Error(`Unknown argument: only ${CHECK_CONFIG} is known`);
  return asked.length > 0;
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
