import { fillTrail } from '../test/support/filled-trail.js';
import { freePort, Gateway } from '../test/support/gateway.js';
import type { Contestant, Group } from './contestant.js';
import { nginxProxy } from './nginx.js';
import { changeBy, gateway, settingsOf, surehand } from './surehand.js';
import { JSON_CHANGE, type Change } from './write.js';

/** What Surehand does with more of everything. */
export const GROWTH: readonly Group[] = [
  {
    title: 'connections, SQLite',
    contestants: [1, 8, 32, 128, 512].map((connections) =>
      surehand(String(connections), { store: 'SQLite', connections }),
    ),
  },
  {
    title: 'KiB of body, SQLite',
    contestants: [0.1, 1, 4, 16, 64].map((kib) =>
      surehand(String(kib), { store: 'SQLite', change: changeOf(kib) }),
    ),
  },
  {
    title: 'records in the trail, SQLite',
    contestants: [10_000, 100_000, 1_000_000].map((records) =>
      surehand(records.toLocaleString('en'), { store: 'SQLite', prepare: trailOf(records) }),
    ),
  },
  { title: 'replicas, PostgreSQL', contestants: [replicas(1), replicas(2)] },
];

/** A change of just this size: the longest text that an action has is its description. */
function changeOf(kib: number): Change {
  const fields = { ...(JSON.parse(JSON_CHANGE.body) as object), description: '' };
  const description = 'x'.repeat(Math.floor(kib * 1_024) - JSON.stringify(fields).length);
  return { ...JSON_CHANGE, body: JSON.stringify({ ...fields, description }) };
}

function trailOf(records: number): (settings: Readonly<Record<string, string>>) => Promise<void> {
  return async (settings) => {
    const first = await Gateway.start(settings);
    await first.stop();
    fillTrail(first.dataDir, records / 2);
  };
}

/** One or two gateways on one database, behind nginx either way. */
function replicas(count: 1 | 2): Contestant {
  return {
    name: String(count),
    usesDatabase: true,
    commands: async (world) => {
      const shared = await settingsOf('PostgreSQL', world);
      const ports = await Promise.all(Array.from({ length: count }, () => freePort()));
      return [
        nginxProxy(world.directory, world.port, ...ports.map((port) => `127.0.0.1:${port}`)),
        ...ports.map((port, index) => ({
          ...gateway({ ...shared, PORT: String(port), DATA_DIR: world.dataDirectory(`data-${index}`) }),
          second: index === 1,
        })),
      ];
    },
    write: changeBy(),
  };
}
