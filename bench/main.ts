import { installed } from '../test/support/installed.js';
import { CONTESTANTS } from './contestants.js';
import { measure, type Figures } from './measure.js';
import { readOptions, USAGE, type Options } from './options.js';
import { COMPILED_PEERS, PEERS_SOURCE } from './paths.js';
import { stayAside } from './processes.js';
import { compile } from './typescript.mjs';
import { World } from './world.js';

async function run(options: Options): Promise<void> {
  compile(PEERS_SOURCE, COMPILED_PEERS);
  stayAside();
  const world = await World.start();
  try {
    for (let round = 1; round <= options.rounds; round++)
      for (const contestant of CONTESTANTS) {
        if (options.only.length > 0 && !options.only.some((o) => contestant.name.includes(o))) continue;
        console.log(contestant.name, JSON.stringify(await measure(contestant, world, options)));
      }
  } finally {
    await world.end();
  }
}
await run(readOptions(process.argv.slice(2)));
