import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import SQLite from 'better-sqlite3';
import {
  auditRecords,
  auditRows,
  chainFaults,
  recordsOf,
  type StoredRecord,
} from './support/audit-records.js';
import { HANDOFF_PATH, Landscape, UPDATED_HANDOFF, aHandoffUpdate } from './support/landscape.js';
import { READS, WRITES, freshResource, operate, upstreamOf, type Operation } from './support/operations.js';
import { hang, json, later, reset, type ReceivedCall, type Script } from './support/scripted-upstream.js';
import {
  TOKEN_SETTINGS,
  afterWithdrawal,
  bearerOf,
  issue,
  issueSame,
  otherCalls,
  tokenCalls,
  withTokens,
} from './support/upstream-tokens.js';

const FINAL: Readonly<Record<Operation['system'], readonly [status: number, code: string]>> = {
  lending: [502, 'upstream-credentials-refused'],
  billing: [403, 'upstream-forbidden'],
};

const unauthorized = json(401, {});

let landscape: Landscape;
beforeAll(async () => {
  landscape = await Landscape.start({
    ...TOKEN_SETTINGS,
    HANDOFF_TIMEOUT_MS: '1500',
    BILLING_CARE_TIMEOUT_MS: '1500',
    SETTLE_WINDOW_MS: '100',
  });
});
afterAll(() => landscape.end());

/** The gateway holds a token, which its upstream has withdrawn; what follows is by the scripts. */
async function staleToken(operation: Operation, { token = issue(), answer = operation.answer } = {}) {
  const upstream = upstreamOf(landscape, operation);
  const read = READS.find(({ system }) => system === operation.system);
  if (read === undefined) throw new Error(`nothing is read of ${operation.system}`);
  upstream.play(withTokens(issue(), read.answer));
  expect((await operate(landscape, read)).status).toBe(200);
  upstream.play(withTokens(token, afterWithdrawal(answer)));
  return upstream;
}

/** The gateway holds no token. */
async function noToken(operation: Operation) {
  const upstream = await staleToken(operation, { token: issue(0), answer: unauthorized });
  await operate(landscape, operation);
  return upstream;
}

async function storyOf(reply: Response): Promise<StoredRecord[]> {
  const requestId = reply.headers.get('x-request-id') ?? '';
  return await recordsOf(landscape.gateway.dataDir, requestId, 2);
}

function firstOf(operations: readonly Operation[]): Operation {
  const [first] = operations;
  if (first === undefined) throw new Error('there is none');
  return first;
}
const someWrite = firstOf(WRITES);
const someRead = firstOf(READS);

describe.each(WRITES)('$name, refused with 401 for the token that it was sent with', (operation) => {
  it('is sent once more with a new one, as a second recorded attempt', async () => {
    const attempts: StoredRecord[][] = [];
    const upstream = await staleToken(operation, {
      // What is in the trail, on disk, when the second one arrives.
      answer: (...call) => {
        attempts.push(auditRecords(landscape.gateway.dataDir).filter(({ kind }) => kind === 'attempt'));
        operation.answer(...call);
      },
    });
    const reply = await operate(landscape, operation);
    expect(reply.status).toBe(operation.status);
    expect(tokenCalls(upstream)).toHaveLength(1);
    const [first, second, ...more] = otherCalls(upstream);
    expect(more).toEqual([]);
    expect(withoutToken(second)).toEqual(withoutToken(first));
    expect(second && bearerOf(second)).not.toBe(first && bearerOf(first));

    const operationId = reply.headers.get('operation-id');
    expect(attempts.map((found) => found.at(-1)?.['operationId'])).toEqual([operationId]);
    expect(await storyOf(reply)).toMatchObject([
      { kind: 'intent', operationId },
      { kind: 'attempt', operationId, attempt: 2, upstreamStatus: 401, principal: { subject: 'clerk' } },
      { kind: 'outcome', operationId, outcome: 'applied', upstreamStatus: operation.status },
    ]);
  });

  it('is not sent a third time', async () => {
    const upstream = await staleToken(operation, { answer: unauthorized });
    const reply = await operate(landscape, operation);
    const [status, code] = FINAL[operation.system];
    expect(reply.status).toBe(status);
    expect(await reply.json()).toMatchObject({ code, outcome: 'rejected' });
    expect(tokenCalls(upstream)).toHaveLength(1);
    expect(otherCalls(upstream)).toHaveLength(2);
    expect(await storyOf(reply)).toMatchObject([
      { kind: 'intent' },
      { kind: 'attempt' },
      { kind: 'outcome', outcome: 'rejected', problem: code, upstreamStatus: 401 },
    ]);
  });

  it('is not sent again at all if the token was new', async () => {
    const upstream = await noToken(operation);
    upstream.play(withTokens(issue(), unauthorized));
    const reply = await operate(landscape, operation);
    expect(reply.status).toBe(FINAL[operation.system][0]);
    expect(tokenCalls(upstream)).toHaveLength(1);
    expect(otherCalls(upstream)).toHaveLength(1);
    expect(await storyOf(reply)).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'rejected' },
    ]);
  });
});

describe.each(READS)('$name, refused with 401 for the token that it was sent with', (operation) => {
  it('is asked once more with a new one', async () => {
    const upstream = await staleToken(operation);
    expect((await operate(landscape, operation)).status).toBe(200);
    expect(tokenCalls(upstream)).toHaveLength(1);
    expect(otherCalls(upstream)).toHaveLength(2);
  });

  it('is not asked a third time', async () => {
    const upstream = await staleToken(operation, { answer: unauthorized });
    expect((await operate(landscape, operation)).status).toBe(FINAL[operation.system][0]);
    expect(tokenCalls(upstream)).toHaveLength(1);
    expect(otherCalls(upstream)).toHaveLength(2);
  });
});

describe('a write whose token was refused', () => {
  it('is sent with the token that another call has fetched meanwhile', async () => {
    let held: (() => void) | undefined;
    const upstream = await staleToken(someWrite);
    const { script } = upstream;
    upstream.script = (call, ...rest) => {
      // The first refusal comes late: by then the other call has its new token.
      if (otherCalls(upstream).length === 1 && otherCalls(upstream)[0] === call) {
        held = () => {
          script(call, ...rest);
        };
      } else script(call, ...rest);
    };
    const late = operate(landscape, someWrite);
    while (held === undefined) await sleep(5);
    expect((await operate(landscape, someWrite)).status).toBe(someWrite.status);
    held();
    expect((await late).status).toBe(someWrite.status);
    expect(tokenCalls(upstream)).toHaveLength(1);
    expect(otherCalls(upstream)).toHaveLength(4);
  });

  it('shares the new token with all others that were refused', async () => {
    const upstream = await staleToken(someWrite);
    const replies = await Promise.all(
      Array.from({ length: 50 }, (_, index) => operate(landscape, index % 2 === 0 ? someWrite : someRead)),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 50 }, () => 200));
    expect(tokenCalls(upstream)).toHaveLength(1);
    const tokens = Map.groupBy(otherCalls(upstream), bearerOf);
    expect(tokens.size).toBe(2);
    expect([...tokens.values()].at(-1)).toHaveLength(50);
  });

  it('is not sent again with the very same token', async () => {
    const upstream = upstreamOf(landscape, someWrite);
    await noToken(someWrite);
    upstream.play(withTokens(issueSame('always-the-same'), someRead.answer));
    await operate(landscape, someRead);
    upstream.play(withTokens(issueSame('always-the-same'), unauthorized));
    const reply = await operate(landscape, someWrite);
    expect(reply.status).toBe(502);
    expect(otherCalls(upstream)).toHaveLength(1);
    expect(await storyOf(reply)).toMatchObject([
      { kind: 'intent' },
      { kind: 'outcome', outcome: 'rejected' },
    ]);
  });

  it.each<[string, Script, readonly [number, string], number]>([
    ['is down', json(500, {}), [503, 'upstream-unavailable'], 0],
    ['is silent', hang, [503, 'upstream-unavailable'], 300],
    ['refuses the credentials', json(401, {}), [502, 'upstream-credentials-refused'], 1_050],
  ])(
    'was not applied if the token endpoint %s, and its key is free again',
    async (_, token, [status, code], pauseMs) => {
      const upstream = await staleToken(someWrite, { token });
      const resource = freshResource(someWrite);
      const headers = { 'idempotency-key': `"key-of-${resource}"` };
      const reply = await operate(landscape, someWrite, { resource, headers });
      expect(reply.status).toBe(status);
      expect(await reply.json()).toMatchObject({ code, outcome: 'not-applied' });
      expect(otherCalls(upstream)).toHaveLength(1);
      expect(await storyOf(reply)).toMatchObject([
        { kind: 'intent' },
        { kind: 'outcome', outcome: 'not-applied', problem: code, upstreamStatus: 401 },
      ]);
      // A silent token call ends, and refused credentials are shown again, a little later.
      await sleep(pauseMs);
      upstream.play(withTokens(issue(), someWrite.answer));
      expect((await operate(landscape, someWrite, { resource, headers })).status).toBe(200);
    },
  );

  it('is unknown if the second attempt is lost, and stays at two', async () => {
    const upstream = await staleToken(someWrite, { answer: reset });
    const reply = await operate(landscape, someWrite);
    expect(await reply.json()).toMatchObject({ code: 'upstream-bad-response', outcome: 'unknown' });
    expect(otherCalls(upstream)).toHaveLength(2);
    expect(await storyOf(reply)).toMatchObject([
      { kind: 'intent' },
      { kind: 'attempt' },
      { kind: 'outcome', outcome: 'unknown', upstreamStatus: null },
    ]);
  });

  it('is not sent again if the refusal is cut off', async () => {
    const cutOff: Script = (_call, response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"error":', () => response.destroy());
    };
    const upstream = await staleToken(someWrite);
    upstream.play(withTokens(issue(), cutOff));
    expect(await (await operate(landscape, someWrite)).json()).toMatchObject({ outcome: 'unknown' });
    expect(tokenCalls(upstream)).toEqual([]);
    expect(otherCalls(upstream)).toHaveLength(1);
  });

  it('is not sent again when its time is almost over', async () => {
    const upstream = await staleToken(someWrite);
    upstream.play(withTokens(issue(), later(1_300, unauthorized)));
    const reply = await operate(landscape, someWrite);
    expect(await reply.json()).toMatchObject({ outcome: 'not-applied', retryable: true });
    expect(otherCalls(upstream)).toHaveLength(1);
    expect((await storyOf(reply)).map(({ kind }) => kind)).toEqual(['intent', 'outcome']);
  });

  it('is not sent again unless the trail takes the second attempt', async () => {
    const database = new SQLite(join(landscape.gateway.dataDir, 'surehand.db'));
    try {
      const upstream = await staleToken(someWrite);
      const { script } = upstream;
      upstream.script = (call, ...rest) => {
        if (otherCalls(upstream)[0] === call) database.exec('begin immediate');
        script(call, ...rest);
      };
      const reply = await operate(landscape, someWrite);
      expect(reply.status).toBe(503);
      expect(await reply.json()).toMatchObject({ code: 'audit-unavailable', outcome: 'not-applied' });
      expect(otherCalls(upstream)).toHaveLength(1);
      database.exec('rollback');
      const settled = (
        await recordsOf(landscape.gateway.dataDir, reply.headers.get('x-request-id') ?? '', 3)
      ).at(-1);
      expect(settled).toMatchObject({
        kind: 'outcome',
        outcome: 'not-applied',
        problem: 'audit-unavailable',
      });
    } finally {
      database.close();
    }
  });
});

it('reads a write back with a new token if its own was withdrawn', async () => {
  const body = aHandoffUpdate();
  const upstream = await staleToken(someWrite);
  upstream.play(withTokens(issue(), reset));
  const reply = await landscape.call(HANDOFF_PATH, { body });
  expect(await reply.json()).toMatchObject({ outcome: 'unknown' });
  upstream.play(withTokens(issue(), afterWithdrawal(json(200, { ...UPDATED_HANDOFF, data: [body] }))));
  const operationId = reply.headers.get('operation-id');
  const verdicts = (): StoredRecord[] =>
    auditRecords(landscape.gateway.dataDir).filter(
      (record) => record.kind === 'reconciliation' && record['operationId'] === operationId,
    );
  for (let wait = 0; wait < 100 && verdicts().length === 0; wait++) await sleep(100);
  expect(verdicts()).toMatchObject([{ outcome: 'applied' }]);
  expect(tokenCalls(upstream)).toHaveLength(1);
});

it('leaves one whole chain', () => {
  expect(chainFaults(auditRows(landscape.gateway.dataDir))).toEqual([]);
});

function withoutToken(call: ReceivedCall | undefined): object {
  const { authorization, ...headers } = call?.headers ?? {};
  expect(authorization).toMatch(/^Bearer ./);
  return { ...call, headers, rawHeaders: [] };
}
