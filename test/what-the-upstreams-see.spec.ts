import { request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { recordsOf } from './support/audit-records.js';
import {
  ACTION_PATH,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  aHandoffUpdate,
  actionPath,
  handoffPath,
} from './support/landscape.js';
import { ScriptedUpstream, json, type ReceivedCall } from './support/scripted-upstream.js';

const WRITES = [
  { system: 'lending', path: HANDOFF_PATH, body: aHandoffUpdate(), reply: UPDATED_HANDOFF },
  { system: 'billing', path: ACTION_PATH, body: { scheduledDate: '2021-02-14' }, reply: DOCUMENTED_REPLY },
] as const;

/** What every call carries because of HTTP itself. */
const HTTP_ITSELF = ['accept', 'connection', 'content-length', 'content-type', 'host'];

/** From any other origin it would not get anywhere near an upstream. */
const LISTED_ORIGIN = 'http://app.example';

/** What a client may try to get past the gateway. */
const HOSTILE_HEADERS = {
  Host: 'evil.example',
  Cookie: 'session=0123456789abcdef',
  Connection: 'close, X-Named, userId',
  'X-Named': 'named by Connection',
  'Proxy-Authorization': 'Basic ZXZpbDpldmls',
  'X-Forwarded-For': '127.0.0.1',
  'X-Forwarded-Host': 'evil.example',
  'X-Forwarded-Proto': 'https',
  'X-Real-IP': '127.0.0.1',
  Forwarded: 'for=127.0.0.1;host=evil.example',
  Via: '1.1 evil.example',
  TE: 'trailers',
  userId: 'chief',
  appId: 'EVIL',
  branchCode: '666',
  entityId: 'EVIL',
  sourceCode: 'EVIL',
  'X-Anything': 'anything',
  'X-HTTP-Method-Override': 'DELETE',
  'X-Request-Id': 'kept-to-ourselves',
  'If-Match': '*',
  'Accept-Language': 'hi',
  'Accept-Encoding': 'gzip, br',
  'User-Agent': 'evil/1.0',
  Origin: LISTED_ORIGIN,
  Referer: 'http://evil.example/',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  tracestate: 'evil=1',
  baggage: 'evil=1',
};

interface Sent {
  readonly target?: string;
  readonly headers?: OutgoingHttpHeaders;
}

/** Sends a valid write with headers that `fetch` would not let a test choose. */
async function send(
  landscape: Landscape,
  { path, body }: (typeof WRITES)[number],
  { target = path, headers = {} }: Sent,
): Promise<IncomingMessage> {
  const authorization = `Bearer ${await landscape.issuer.token()}`;
  return await new Promise((resolve, reject) => {
    request(
      landscape.gateway.url,
      {
        method: 'PUT',
        path: target,
        headers: { 'Content-Type': 'application/json', authorization, ...headers },
      },
      (reply) => {
        resolve(reply.resume());
      },
    )
      .on('error', reject)
      .end(JSON.stringify(body));
  });
}

function headerNames({ rawHeaders }: ReceivedCall): string[] {
  return rawHeaders
    .filter((_, index) => index % 2 === 0)
    .map((name) => name.toLowerCase())
    .sort();
}

function play(landscape: Landscape): void {
  for (const { system, reply } of WRITES) landscape[system].play(json(200, reply));
}

describe('an upstream that wants no credentials', () => {
  let landscape: Landscape;
  let canary: ScriptedUpstream;
  beforeAll(async () => {
    [landscape, canary] = await Promise.all([
      Landscape.start({ CORS_ORIGINS: LISTED_ORIGIN }),
      ScriptedUpstream.start(),
    ]);
  });
  beforeEach(() => {
    play(landscape);
  });
  afterAll(() => Promise.all([landscape.end(), canary.close()]));

  it.each(WRITES)('is told nothing that a client sends beside the body: $system', async (write) => {
    const reply = await send(landscape, write, {
      headers: { ...HOSTILE_HEADERS, 'Idempotency-Key': `"key-for-${write.system}"` },
    });
    expect(reply.statusCode).toBe(200);
    const call = landscape[write.system].onlyCall;
    expect(headerNames(call)).toEqual(
      write.system === 'lending' ? [...HTTP_ITSELF, 'userid'].sort() : HTTP_ITSELF,
    );
    expect(call.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/json',
      connection: 'keep-alive',
      host: new URL(landscape[write.system].url).host,
      ...(write.system === 'lending' && { userid: 'clerk' }),
    });
    expect(call).toMatchObject({ method: 'PUT', body: JSON.stringify(write.body) });
  });

  it.each(WRITES)('is not chosen by the request target: $system [B12]', async (write) => {
    await send(landscape, write, {
      target: canary.url + write.path,
      headers: { Host: new URL(canary.url).host },
    });
    expect(canary.calls).toEqual([]);
    const { host } = new URL(landscape[write.system].url);
    expect(landscape[write.system].onlyCall.headers.host).toBe(host);
  });

  it.each(
    WRITES.flatMap((write) => [301, 302, 303, 307, 308].map((status) => ({ ...write, status, write }))),
  )('leads nowhere by a redirect: $system, $status [B12]', async ({ system, status, write }) => {
    // Each on a resource of its own: nobody knows what became of the write.
    const [path, body] =
      system === 'lending'
        ? [handoffPath(`HO-${status}`), aHandoffUpdate({ handoffRefNumber: `HO-${status}` })]
        : [actionPath(status), write.body];
    // Even with the body of a success.
    landscape[system].play(json(status, write.reply, { location: `${canary.url}/elsewhere` }));
    const reply = await landscape.call(path, { body });
    expect(reply.status).toBe(502);
    expect(reply.headers.get('location')).toBeNull();
    const problem = await reply.text();
    expect(JSON.parse(problem)).toMatchObject({ outcome: 'unknown', retryable: false });
    expect(problem).not.toContain(new URL(canary.url).host);
    expect(canary.calls).toEqual([]);
    expect(landscape[system].calls).toHaveLength(1);
  });
});

describe('an upstream with credentials and constants of its own', () => {
  let landscape: Landscape;
  beforeAll(async () => {
    landscape = await Landscape.start({
      HANDOFF_AUTH: 'basic',
      HANDOFF_USERNAME: 'surehand',
      HANDOFF_PASSWORD: 'for lending: only',
      HANDOFF_APP_ID: 'CLMO',
      HANDOFF_BRANCH_CODE: '000',
      HANDOFF_ENTITY_ID: 'DEFAULTENTITY',
      HANDOFF_SOURCE_CODE: 'BFF',
      HANDOFF_USER_ID_CLAIM: 'preferred_username',
      HANDOFF_READ_BACK_USER_ID: 'surehand',
      BILLING_CARE_AUTH: 'basic',
      BILLING_CARE_USERNAME: 'surehand',
      BILLING_CARE_PASSWORD: 'for billing only',
    });
  });
  beforeEach(() => {
    play(landscape);
  });
  afterAll(() => landscape.end());

  const updateAs = async (preferredUsername: unknown): Promise<Response> =>
    landscape.call(HANDOFF_PATH, {
      body: aHandoffUpdate(),
      headers: HOSTILE_IDENTITY,
      token: await landscape.issuer.token({ preferred_username: preferredUsername }),
    });
  const HOSTILE_IDENTITY = {
    userId: 'chief',
    appId: 'EVIL',
    branchCode: '666',
    entityId: 'EVIL',
    sourceCode: 'EVIL',
  };

  it('is told them, and the user as the token names it: lending', async () => {
    expect((await updateAs('j.doe@bank.example')).status).toBe(200);
    const call = landscape.lending.onlyCall;
    const constants = {
      authorization: `Basic ${Buffer.from('surehand:for lending: only').toString('base64')}`,
      appid: 'CLMO',
      branchcode: '000',
      entityid: 'DEFAULTENTITY',
      sourcecode: 'BFF',
      userid: 'j.doe@bank.example',
    };
    expect(headerNames(call)).toEqual([...HTTP_ITSELF, ...Object.keys(constants)].sort());
    expect(call.headers).toMatchObject(constants);
  });

  it('is told its own credentials and nothing of lending: billing', async () => {
    const reply = await landscape.call(ACTION_PATH, {
      body: { scheduledDate: '2021-02-14' },
      headers: HOSTILE_IDENTITY,
    });
    expect(reply.status).toBe(200);
    const call = landscape.billing.onlyCall;
    expect(headerNames(call)).toEqual(['authorization', ...HTTP_ITSELF].sort());
    expect(call.headers.authorization).toBe(
      `Basic ${Buffer.from('surehand:for billing only').toString('base64')}`,
    );
  });

  it.each(WRITES)(
    'is not called again after a 401, since there is no other token: $system',
    async (write) => {
      landscape[write.system].play(json(401, {}));
      const token = await landscape.issuer.token({ preferred_username: 'j.doe' });
      const reply = await landscape.call(write.path, { body: write.body, token });
      expect(reply.status).toBe(write.system === 'lending' ? 502 : 403);
      expect(landscape[write.system].calls).toHaveLength(1);
    },
  );

  it.each([
    ['no such claim', undefined],
    ['an empty one', ''],
    ['a number', 7],
    ['a list', ['j.doe']],
    ['letters beyond ASCII', 'jürgen'],
    ['a blank', 'j doe'],
    ['a line break', 'j.doe\r\nX-Evil: 1'],
    ['more than 255 characters', 'j'.repeat(256)],
  ])('is not called for somebody it could not be told of: %s', async (_, preferredUsername) => {
    const reply = await updateAs(preferredUsername);
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ code: 'forbidden', outcome: 'not-applied' });
    expect(landscape.lending.calls).toEqual([]);
    const records = await recordsOf(landscape.gateway.dataDir, reply.headers.get('x-request-id') ?? '');
    expect(records).toMatchObject([
      { kind: 'refusal', problem: 'forbidden', principal: { subject: 'clerk' } },
    ]);
  });
});
