import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateKeyPair } from 'jose';
import { Landscape, UPDATED_HANDOFF } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

const SOAK = process.env['SUREHAND_SOAK'] !== undefined;
const CLIENTS = 4;
const REFRESH_S = 1;
/** After so long a gateway has read the keys anew, if anybody asks it anything. Milliseconds. */
const READ_ANEW_MS = 2 * REFRESH_S * 1_000 + 200;
const OUTAGE_MS = SOAK ? 600_000 : 3_000;
const FLOOD_MS = SOAK ? 90_000 : 2_000;
const FLOOD_PER_SECOND = SOAK ? 1_000 : 200;
/** Unknown key ids make the gateway look at most this often. */
const LOOKS_EVERY_MS = 30_000;
const TIMEOUT_MS = OUTAGE_MS + 60_000;

async function statusOf(landscape: Landscape, token: string): Promise<number> {
  const path = '/clmo-handoff-services/service/v1/externalHandoff/HO123';
  return (await landscape.call(path, { method: 'GET', token })).status;
}

/** Calls with tokens that were never seen before, until it is stopped; returns how often each status came. */
async function load(landscape: Landscape, kid: () => string): Promise<() => Promise<Record<string, number>>> {
  const statuses: Record<string, number> = {};
  let loaded = true;
  landscape.lending.play(json(200, UPDATED_HANDOFF));
  const client = async (): Promise<void> => {
    while (loaded) {
      const token = await landscape.issuer.token({ jti: randomUUID() }, { kid: kid() });
      const status = await statusOf(landscape, token);
      statuses[status] = (statuses[status] ?? 0) + 1;
      // The load is there to be refused, not to be heavy.
      await sleep(10);
    }
  };
  const clients = Array.from({ length: CLIENTS }, client);
  await sleep(200);
  return async () => {
    loaded = false;
    await Promise.all(clients);
    return statuses;
  };
}

describe('an issuer', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({ AUTH_JWKS_REFRESH_SECONDS: String(REFRESH_S), LOG_LEVEL: 'error' });
  });
  afterAll(() => landscape.end());

  it('that rotates its keys under load has no valid token refused', async () => {
    const { issuer } = landscape;
    let kid = issuer.publicKey.kid ?? '';
    const stop = await load(landscape, () => kid);
    for (const announced of [false, true]) {
      const old = kid;
      const next = await issuer.addKey();
      // One look at an unknown key is there every 30 s: who rotates more often announces the key.
      if (announced) await sleep(READ_ANEW_MS);
      kid = next;
      await sleep(200);
      issuer.withdrawKey(old);
    }
    const statuses = await stop();
    process.stdout.write(`2 rotations under load: ${JSON.stringify(statuses)}\n`);
    expect(Object.keys(statuses)).toEqual(['200']);
  });

  it(
    `that is down for ${OUTAGE_MS / 1_000} s has no token of a known key refused`,
    async () => {
      const { issuer } = landscape;
      const kid = issuer.publicKey.kid ?? '';
      const stop = await load(landscape, () => kid);
      issuer.down = true;
      await sleep(OUTAGE_MS);
      issuer.down = false;
      const statuses = await stop();
      process.stdout.write(`issuer down for ${OUTAGE_MS} ms: ${JSON.stringify(statuses)}\n`);
      expect(Object.keys(statuses)).toEqual(['200']);
    },
    TIMEOUT_MS,
  );
});

it(
  'a flood of unknown key ids makes the gateway look once every 30 s, and refuses nobody else',
  async () => {
    // Nobody looks for another reason.
    const landscape = await Landscape.start({ AUTH_JWKS_REFRESH_SECONDS: '3600', LOG_LEVEL: 'error' });
    try {
      const { issuer } = landscape;
      const stop = await load(landscape, () => issuer.publicKey.kid ?? '');
      const firstLooks = issuer.keyRequests;
      const { privateKey } = await generateKeyPair('ES256');
      const forged: Promise<number>[] = [];
      const begun = performance.now();
      for (let number = 0; performance.now() - begun < FLOOD_MS; number++) {
        const options = { kid: `unknown-${number}`, key: privateKey, header: { alg: 'ES256' } };
        forged.push(issuer.token({}, options).then((token) => statusOf(landscape, token)));
        const due = (number / FLOOD_PER_SECOND) * 1_000;
        await sleep(Math.max(0, due - (performance.now() - begun)));
      }
      const answers = await Promise.all(forged);
      const floodedMs = performance.now() - begun;
      const statuses = await stop();
      const looks = issuer.keyRequests - firstLooks;
      process.stdout.write(
        `${forged.length} unknown key ids in ${Math.round(floodedMs)} ms: ${looks} looks; others ${JSON.stringify(statuses)}\n`,
      );
      expect(new Set(answers)).toEqual(new Set([401]));
      expect(looks).toBeLessThanOrEqual(Math.ceil(floodedMs / LOOKS_EVERY_MS));
      expect(Object.keys(statuses)).toEqual(['200']);
    } finally {
      await landscape.end();
    }
  },
  FLOOD_MS + 60_000,
);
