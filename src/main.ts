import { createGateway } from './app.setup.js';
import { Config } from './platform/config/config.js';
import { ConfigurationError } from './platform/config/environment.js';

try {
  const config = Config.fromEnvironment(process.env);
  const app = await createGateway(config);
  await app.listen(config.server.port, config.server.host);
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
