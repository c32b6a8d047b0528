import { createGateway } from './app.setup.js';
import { Config } from './platform/config/config.js';

try {
  const config = Config.fromEnvironment(process.env);
  const app = await createGateway(config);
  await app.listen(config.server.port, config.server.host);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  // Whatever was already opened would keep a process alive that serves nobody.
  process.exit(1);
}
