import { setTimeout as sleep } from 'node:timers/promises';
import { auditRows, recordsOf } from './support/audit-records.js';
import { Landscape, UPDATED_HANDOFF } from './support/landscape.js';
import { READS, WRITES, operate, upstreamOf, type Operation } from './support/operations.js';
import { hang, json, later, raw, reset, type Script } from './support/scripted-upstream.js';
import {
  TOKEN_SETTINGS,
  bearerOf,
  issue,
  issuedTokens,
  otherCalls,
  tokenCalls,
  withTokens,
} from './support/upstream-tokens.js';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const TIMEOUT_MS = 1_000;

describe('a token endpoint', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({
      ...TOKEN_SETTINGS,
      HANDOFF_TIMEOUT_MS: String(TIMEOUT_MS),
      BILLING_CARE_TIMEOUT_MS: String(TIMEOUT_MS),
      // What fails here fails often, and is to go on being told by its name.
      HANDOFF_CIRCUIT_BREAKER: 'off',
      BILLING_CARE_CIRCUIT_BREAKER: 'off',
    });
  });
  afterAll(() => landscape.end());

  const told: string[] = [];
  /** Makes the operation, and keeps what the client is told. */
  async function answered(
    operation: Operation,
  ): Promise<{ reply: Response; problem: Record<string, unknown> }> {
    const reply = await operate(landscape, operation);
    const text = await reply.text();
    told.push(text, JSON.stringify([...reply.headers]));
    return { reply, problem: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>) };
  }
  const write = operationOf('handoff.update-status');
  const read = operationOf('handoff.read');

  /** Whatever token the gateway holds is refused, and the next one is for a single call. */
  async function forget(): Promise<void> {
    landscape.lending.play(withTokens(issue(0), json(401, {})));
    await answered(read);
  }

  const redirect = json(302, { token: 'of-a-redirect' }, { location: 'http://127.0.0.1:1/platojwtauth' });
  const huge: Script = (_call, response) => {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(`{"token":"${'x'.repeat(1_100_000)}"}`);
  };
  const truncated: Script = (_call, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"token":"of-a-truncated-reply","expires_in":60', () => response.destroy());
  };
  const unavailable = [503, 'upstream-unavailable', true] as const;
  const refused = [502, 'upstream-credentials-refused', false] as const;
  it.each<[string, Script, number, readonly [number, string, boolean]]>([
    ['an HTML page', raw(200, '<html>token</html>'), 1, unavailable],
    ['nothing', raw(200, ''), 1, unavailable],
    ['no token', json(200, { expires_in: 60 }), 1, unavailable],
    ['an error object inside 200', json(200, { error: 'invalid_client' }), 1, unavailable],
    ['a token with a line break', json(200, { token: 'of-a\r\nX-Evil: 1', expires_in: 60 }), 1, unavailable],
    ['500', json(500, { token: 'of-a-500' }), 1, unavailable],
    ['404', json(404, {}), 1, unavailable],
    ['503, each time', json(503, {}), 3, unavailable],
    ['a redirect', redirect, 1, unavailable],
    ['more than 1 MiB', huge, 1, unavailable],
    ['a truncated reply', truncated, 1, unavailable],
    ['a reset connection', reset, 1, unavailable],
    ['silence', hang, 1, unavailable],
    ['400', json(400, { error: 'invalid_grant' }), 1, refused],
    ['401', json(401, { error: 'invalid_client' }), 1, refused],
    ['403', json(403, {}), 1, refused],
  ])('that answers %s: nothing is sent', async (_, script, calls, [status, code, retryable]) => {
    // Refused credentials are not shown again for a second.
    await sleep(code === refused[1] ? 1_050 : 0);
    await forget();
    landscape.lending.play(withTokens(script, json(200, UPDATED_HANDOFF)));
    const begun = performance.now();
    const { reply, problem } = await answered(write);
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS);
    expect(reply.status).toBe(status);
    expect(problem).toMatchObject({ code, outcome: 'not-applied', retryable });
    expect(problem).toMatchObject({ detail: 'The gateway got no token for lending.' });
    expect(reply.headers.get('retry-after')).toBe(status === 503 ? '5' : null);
    expect(tokenCalls(landscape.lending)).toHaveLength(calls);
    expect(otherCalls(landscape.lending)).toEqual([]);
    expect(await recordsOf(landscape.gateway.dataDir, String(problem['requestId']), 2)).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'not-applied', problem: code, upstreamStatus: null },
    ]);
  });

  it('that refuses the credentials is not asked again by every call', async () => {
    await sleep(1_050);
    await forget();
    landscape.lending.play(withTokens(json(401, {}), json(200, UPDATED_HANDOFF)));
    for (let call = 0; call < 5; call++) expect((await answered(read)).reply.status).toBe(502);
    expect(tokenCalls(landscape.lending)).toHaveLength(1);
    landscape.lending.play(withTokens(issue(), json(200, UPDATED_HANDOFF)));
    await sleep(1_050);
    expect((await answered(read)).reply.status).toBe(200);
  });

  it('that fails once is asked again, like any read', async () => {
    await forget();
    let calls = 0;
    const once: Script = (...call) => {
      (++calls === 1 ? json(503, {}) : issue())(...call);
    };
    landscape.lending.play(withTokens(once, json(200, UPDATED_HANDOFF)));
    expect((await answered(write)).reply.status).toBe(200);
    expect(tokenCalls(landscape.lending)).toHaveLength(2);
  });

  it('that is slow is called once, however many calls wait for it', async () => {
    await forget();
    landscape.lending.play(withTokens(later(300, issue()), json(200, UPDATED_HANDOFF)));
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => answered(index % 2 === 0 ? write : read)),
    );
    expect(replies.map(({ reply }) => reply.status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(tokenCalls(landscape.lending)).toHaveLength(1);
    expect(otherCalls(landscape.lending)).toHaveLength(50);
    expect(new Set(otherCalls(landscape.lending).map(bearerOf)).size).toBe(1);
  });

  it('that fails is called three times at most, however many calls wait for it', async () => {
    await forget();
    landscape.lending.play(withTokens(json(503, {}), json(200, UPDATED_HANDOFF)));
    const replies = await Promise.all(Array.from({ length: 50 }, () => answered(write)));
    expect(new Set(replies.map(({ reply }) => reply.status))).toEqual(new Set([503]));
    // A call that came late may have begun another round.
    expect(tokenCalls(landscape.lending).length).toBeLessThanOrEqual(6);
  });

  it('that is too slow for a write is still good for the next one', async () => {
    await forget();
    landscape.lending.play(withTokens(later(TIMEOUT_MS - 150, issue()), json(200, UPDATED_HANDOFF)));
    expect((await answered(write)).problem).toMatchObject({
      code: 'upstream-unavailable',
      outcome: 'not-applied',
    });
    expect(otherCalls(landscape.lending)).toEqual([]);
    expect((await answered(write)).reply.status).toBe(200);
    expect(tokenCalls(landscape.lending)).toHaveLength(1);
  });

  it.each<[string, unknown, number]>([
    ['an hour', 3600, 1],
    ['an hour as a text', '3600', 1],
    ['no time', 0, 3],
    ['less than no time', -60, 3],
    ['more than anybody lives', 1e30, 1],
    ['a time that it does not say', undefined, 1],
    ['an unreadable time', 'soon', 1],
  ])('whose token lives for %s', async (_, expiresIn, calls) => {
    await forget();
    landscape.lending.play(withTokens(issue(expiresIn), json(200, UPDATED_HANDOFF)));
    for (let call = 0; call < 3; call++) expect((await answered(read)).reply.status).toBe(200);
    expect(tokenCalls(landscape.lending)).toHaveLength(calls);
  });

  it('is called again before a short-lived token ends', async () => {
    await forget();
    const begunAt = new Map<string, number>();
    const remembered: Script = (call, ...rest) => {
      issue(1)(call, ...rest);
      begunAt.set(issuedTokens.at(-1) ?? '', performance.now());
    };
    const ages: number[] = [];
    const timed: Script = (call, ...rest) => {
      ages.push(performance.now() - (begunAt.get(bearerOf(call)) ?? -Infinity));
      json(200, UPDATED_HANDOFF)(call, ...rest);
    };
    landscape.lending.play(withTokens(remembered, timed));
    const until = performance.now() + 2_300;
    while (performance.now() < until) {
      expect((await answered(read)).reply.status).toBe(200);
      await sleep(20);
    }
    expect(Math.max(...ages)).toBeLessThan(950);
    expect(tokenCalls(landscape.lending).length).toBeGreaterThanOrEqual(3);
    expect(tokenCalls(landscape.lending).length).toBeLessThanOrEqual(4);
  });

  it('that is down while a token ends is noticed behind the calls, not by them', async () => {
    await forget();
    let calls = 0;
    const down: Script = (...call) => {
      (++calls === 1 ? issue(3) : json(500, {}))(...call);
    };
    landscape.lending.play(withTokens(down, json(200, UPDATED_HANDOFF)));
    const whileDown: number[] = [];
    const until = performance.now() + 2_650;
    while (performance.now() < until) {
      const { reply } = await answered(read);
      if (calls > 1) whileDown.push(reply.status);
      await sleep(20);
    }
    expect(whileDown.length).toBeGreaterThan(0);
    expect(new Set(whileDown)).toEqual(new Set([200]));
  });

  it('is called for each system by itself', async () => {
    await forget();
    landscape.lending.play(withTokens(issue(), json(200, UPDATED_HANDOFF)));
    landscape.billing.play(withTokens(issue(), json(200, [])));
    await Promise.all([answered(read), answered(operationOf('deferred-action.list'))]);
    const [lending, billing] = [landscape.lending, landscape.billing].map((system) =>
      otherCalls(system).map(bearerOf),
    );
    expect(lending).toHaveLength(1);
    expect(billing).toHaveLength(1);
    expect(lending).not.toEqual(billing);
  });

  it('whose secrets the upstream shows in its error pages does not show them anywhere else', async () => {
    for (const operation of [...WRITES, ...READS]) {
      const echo: Script = (call, response) => {
        const text = `Headers: ${JSON.stringify(call.headers)}`;
        const page = {
          messages: { status: 'FAILURE', codes: [{ code: text, desc: text }] },
          errorMessage: text,
        };
        response.writeHead(422, { 'content-type': 'application/json' }).end(JSON.stringify(page));
      };
      upstreamOf(landscape, operation).play(withTokens(issue(0), echo));
      expect((await answered(operation)).reply.status).toBe(422);
    }
    expect(landscape.gateway.log.join('')).toContain('[credential]');
  });

  it('has its secrets in no log, no reply and no record, after all of this', async () => {
    await landscape.gateway.stop();
    const { HANDOFF_USERNAME: user, HANDOFF_PASSWORD: password } = TOKEN_SETTINGS;
    const { BILLING_CARE_CLIENT_ID: client, BILLING_CARE_CLIENT_SECRET: secret } = TOKEN_SETTINGS;
    const secrets = [
      ...[password, secret].flatMap((each) => [each, base64(each)]),
      base64(`${user}:${password}`),
      base64(`${client}:${secret}`),
      ...issuedTokens,
      'of-a-redirect',
      'of-a-500',
      'of-a-truncated-reply',
    ];
    expect(issuedTokens.length).toBeGreaterThan(20);
    const log = landscape.gateway.log.join('\n');
    const trail = auditRows(landscape.gateway.dataDir)
      .map(({ record }) => record)
      .join('\n');
    for (const text of [log, told.join('\n'), trail]) {
      expect(text.length).toBeGreaterThan(10_000);
      expect(secrets.filter((each) => text.includes(each))).toEqual([]);
    }
  });
});

function operationOf(name: string): Operation {
  const operation = [...READS, ...WRITES].find((each) => each.name === name);
  if (operation === undefined) throw new Error(`there is no ${name}`);
  return operation;
}
