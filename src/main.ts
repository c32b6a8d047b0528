import { createGateway } from './app.setup.js';
import { Config } from './platform/config/config.js';
import { stopOnSignals } from './app.stop.js';

try {
  const config = Config.fromEnvironment(process.env);
  const app = await createGateway(config);
  stopOnSignals(app);
  await app.listen(config.server.port, config.server.host);
} catch (error) {
  const { message, cause } = error instanceof Error ? error : { message: String(error), cause: undefined };
  process.stderr.write(`${message}${cause instanceof Error ? ` (${cause.message})` : ''}\n`);
  // Whatever was already opened would keep a process alive that serves nobody.
  process.exit(1);
}
