import { listenToSignals, onSignal } from './app.signals.js';

listenToSignals();
try {
  const [{ createGateway }, { AppStop }, { Config }] = await Promise.all([
    import('./app.setup.js'),
    import('./app.stop.js'),
    import('./platform/config/config.js'),
  ]);
  const config = Config.fromEnvironment(process.env);
  const app = await createGateway(config);
  const stop = new AppStop(app);
  await app.listen(config.server.port, config.server.host);
  onSignal((signal) => void stop.exit(signal));
} catch (error) {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  process.stderr.write(`${message}${cause instanceof Error ? ` (${cause.message})` : ''}\n`);
  // Whatever was already opened would keep a process alive that serves nobody.
  process.exit(1);
}
