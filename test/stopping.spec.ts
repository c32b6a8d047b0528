import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { auditRecords } from './support/audit-records.js';
import { ACTION_PATH, DOCUMENTED_REPLY, Landscape } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

describe('stopping at SIGTERM', () => {
  it('answers and records the write in flight, and exits with code 0 although clients stay connected', async () => {
    const landscape = await Landscape.start();
    const agent = new Agent({ keepAlive: true });
    const idle = request(`${landscape.gateway.url}/problems`, { agent }).end();
    const [reply] = (await once(idle, 'response')) as [NodeJS.ReadableStream];
    reply.resume();

    landscape.billing.play((call, response, incoming) => {
      setTimeout(() => {
        json(200, DOCUMENTED_REPLY)(call, response, incoming);
      }, 500);
    });
    const inFlight = landscape.call(ACTION_PATH, { body: { scheduledDate: '2021-02-14' } });
    while (landscape.billing.calls.length === 0) await sleep(5);
    const begun = performance.now();
    const stopped = landscape.gateway.stop();

    expect((await inFlight).status).toBe(200);
    expect(await stopped).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(auditRecords(landscape.gateway.dataDir)).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'applied' },
    ]);
    agent.destroy();
    await landscape.end();
  });
});
