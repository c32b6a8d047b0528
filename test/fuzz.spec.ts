import { isDeepStrictEqual } from 'node:util';
import { Client } from './support/fuzz/client.js';
import { Contract, type DocumentedOperation } from './support/fuzz/contract.js';
import { invalid, type Invalid } from './support/fuzz/mutations.js';
import { read, readRefusal, type Problem } from './support/fuzz/reply.js';
import { Requests, meant, wire, type FuzzRequest } from './support/fuzz/request.js';
import { campaign, type Failure } from './support/fuzz/run.js';
import { Landscape } from './support/landscape.js';
import { OPERATIONS, upstreamOf, type Operation } from './support/operations.js';
import type { ReceivedCall } from './support/scripted-upstream.js';

/** Valid ones, and as many invalid ones, of each operation and media type; `npm run test:fuzz` sends more. */
const CASES = Number(process.env['SUREHAND_FUZZ'] ?? 500);
/** The same sequence of requests comes from the same seed. It changes only with `npm run test:fuzz`. */
const SEED = Number(
  process.env['SUREHAND_FUZZ_SEED'] ??
    (process.env['SUREHAND_FUZZ'] === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)),
);

/** What every call to an upstream carries because of HTTP itself. */
const HTTP_ITSELF = ['accept', 'connection', 'content-length', 'content-type', 'host'];

const ID_OF: Readonly<Record<string, string>> = {
  'handoff.read': 'handoffDetails',
  'handoff.read-statuses': 'handoffStatuses',
  'handoff.update-status': 'handoffUpdateStatus',
  'handoff.create': 'handoffCreate',
  'deferred-action.list': 'deferredActionsList',
  'deferred-action.modify': 'deferredActionsModify',
  'deferred-action.perform': 'deferredActionsPerform',
  'deferred-action.delete': 'deferredActionsDelete',
};

describe('whatever the document allows, and whatever it does not', () => {
  let landscape: Landscape;
  let client: Client;
  let contract: Contract;
  const seen = new Map<string, number>();
  const told: string[] = [];
  let sent = 0;
  let busyMs = 0;
  /** Each draws requests of its own. */
  let campaigns = 0;

  beforeAll(async () => {
    landscape = await Landscape.start({ LOG_LEVEL: 'silent' });
    const reply = await landscape.call('/openapi.json', { method: 'GET', token: null });
    contract = new Contract((await reply.json()) as ConstructorParameters<typeof Contract>[0]);
    client = await Client.to(landscape, [...new Set(contract.operations.flatMap(({ scopes }) => scopes))]);
  });
  afterAll(async () => {
    console.log(
      [
        `seed ${SEED} (SUREHAND_FUZZ_SEED=${SEED} replays it), ${CASES} valid and invalid each`,
        ...told,
        `answers: ${[...seen]
          .sort()
          .map(([answer, count]) => `${answer} (${count})`)
          .join(', ')}`,
        `${sent} requests, ${Math.round((sent / busyMs) * 1000)} a second while sending`,
      ].join('\n'),
    );
    await client.close();
    await landscape.end();
  });

  const rows = OPERATIONS.flatMap((operation) => {
    const types = operation.body === undefined ? [undefined] : ['application/json', 'application/xml'];
    return types.map((type) => ({ operation, name: operation.name, type, as: type ?? 'no body' }));
  });
  // Keys are remembered: none may come twice in the whole run.
  const keys = new Set<string>();

  describe.each(rows)('$name, $as', ({ operation, type }) => {
    let documented: DocumentedOperation;
    beforeEach(() => {
      documented = operationNamed(ID_OF[operation.name] ?? '');
      for (const upstream of [landscape.lending, landscape.billing]) upstream.play(operation.answer);
    });

    it('reaches its upstream exactly once with equal values, and is answered as documented', async () => {
      const upstream = upstreamOf(landscape, operation);
      const received = new Map<string, ReceivedCall[]>();
      upstream.script = (call, response, request) => {
        const target = targetOf(operation, call);
        received.set(target, [...(received.get(target) ?? []), call]);
        operation.answer(call, response, request);
      };
      const targets = new Set<string>();
      await tryAll('valid', {
        arbitrary: new Requests(contract).valid(documented, type),
        admit: (request) => {
          if (!isNew(targets, resourceOf(request))) return undefined;
          return isNew(keys, keyOf(request)) ? request : withoutKey(request);
        },
        attempt: async (request, alone) => {
          const target = resourceOf(request);
          received.delete(target);
          const authorization = alone ? await client.stranger() : client.spelled(request.style.bearer);
          const reply = await client.send(wire(request), authorization);
          const { complaints, value } = read(reply, documented, contract, request.asked.format);
          note(reply.status, value);
          if (reply.status !== operation.status)
            return [...complaints, `answered ${reply.status}: ${reply.text.slice(0, 500)}`];
          if (!isDeepStrictEqual(value, operation.reply)) complaints.push(`the reply is ${reply.text}`);
          const isWrite = operation.method !== 'GET';
          if ((reply.headers['operation-id'] !== undefined) !== isWrite) complaints.push('Operation-Id');
          const id = request.headers['X-Request-Id'];
          if (id !== undefined && /^[A-Za-z0-9._:-]{1,128}$/.test(id) && reply.headers['x-request-id'] !== id)
            complaints.push(`X-Request-Id ${String(reply.headers['x-request-id'])}`);
          return [...complaints, ...complaintsAbout(received.get(target) ?? [], request, operation)];
        },
      });
      expect(otherUpstream(operation).calls).toEqual([]);
    });

    it('never reaches an upstream if it is wrong in any one way, and is told so', async () => {
      await tryAll('invalid', {
        arbitrary: invalid(new Requests(contract).valid(documented, type), documented, type, contract),
        admit: (wrong) => wrong,
        attempt: async (wrong) => {
          const reply = await sendWrong(wrong, documented);
          const { complaints, value } = readRefusal(reply, wrong, documented, contract);
          note(reply.status, value);
          const calls = [landscape.lending, landscape.billing].flatMap((upstream) =>
            upstream.calls.splice(0),
          );
          if (calls.length > 0) complaints.push(`reached the upstream: ${JSON.stringify(calls[0])}`);
          return complaints;
        },
      });
    });
  });

  async function sendWrong({ wire: request, token }: Invalid, { scopes }: DocumentedOperation) {
    const authorization = token && client.refused(token, scopes[0]);
    return await client.send(request, authorization);
  }

  async function tryAll<Case>(
    what: string,
    cases: Omit<Parameters<typeof campaign<Case>>[0], 'seed' | 'cases'>,
    count = CASES,
  ): Promise<void> {
    const begun = performance.now();
    const { tried, failures } = await campaign({ ...cases, seed: SEED + ++campaigns, cases: count });
    const tookMs = performance.now() - begun;
    sent += tried;
    busyMs += tookMs;
    const { currentTestName = '' } = expect.getState();
    told.push(
      `${currentTestName.replace(/^.*does not /, '').replace(/ (reaches|never|is answered) .*/, '')}: ${tried} ${what} in ${Math.round(tookMs)} ms`,
    );
    expect(failures.map(shown)).toEqual([]);
    expect(tried).toBe(count);
  }

  function note(status: number, value: unknown): void {
    const code = status >= 400 ? ` ${String((value as Partial<Problem> | null)?.code)}` : '';
    seen.set(`${status}${code}`, (seen.get(`${status}${code}`) ?? 0) + 1);
  }

  function operationNamed(id: string): DocumentedOperation {
    const found = contract.operations.find((each) => each.id === id);
    if (found === undefined) throw new Error(`the document has no operation ${id}`);
    return found;
  }

  function otherUpstream({ system }: Operation) {
    return system === 'lending' ? landscape.billing : landscape.lending;
  }
});

/** What is wrong with what an upstream received of a request. */
function complaintsAbout(
  calls: readonly ReceivedCall[],
  request: FuzzRequest,
  operation: Operation,
): string[] {
  const [call] = calls;
  if (call === undefined || calls.length > 1) return [`reached the upstream ${calls.length} times`];
  const complaints: string[] = [];
  const url = operation.path(resourceOf(request)).replaceAll('+', '%2B');
  if (call.method !== operation.method || call.url !== url)
    complaints.push(`sent ${call.method} ${call.url}`);
  const names = call.rawHeaders.filter((_, index) => index % 2 === 0).map((header) => header.toLowerCase());
  const foreign = names.filter((header) => !HTTP_ITSELF.includes(header) && header !== 'userid');
  if (foreign.length > 0) complaints.push(`sent the headers ${foreign.join(', ')}`);
  const body = call.body === '' ? undefined : (JSON.parse(call.body) as unknown);
  if (!isDeepStrictEqual(body, meant(request.body))) complaints.push(`sent ${call.body}`);
  return complaints;
}

/** The id of what is read or written: of one that is created, in its body. */
function resourceOf({ path, body }: FuzzRequest): string {
  return Object.values(path)[0] ?? (body?.['handoffRefNumber'] as string);
}

/** The key that the header stands for, with or without quotes. */
function keyOf({ headers }: FuzzRequest): string | undefined {
  const header = headers['Idempotency-Key'];
  return header?.startsWith('"') === true ? header.slice(1, -1).replace(/\\(.)/g, '$1') : header;
}

function withoutKey(request: FuzzRequest): FuzzRequest {
  const { 'Idempotency-Key': _, ...headers } = request.headers;
  return { ...request, headers };
}

/** The same, as an upstream was told it. */
function targetOf({ path }: Operation, { url, body }: ReceivedCall): string {
  const [before = '', after = ''] = path('{}').split('{}');
  if (path('') === path('x')) return (JSON.parse(body) as { handoffRefNumber: string }).handoffRefNumber;
  return decodeURIComponent(url.slice(before.length, after === '' ? undefined : -after.length));
}

function isNew(known: Set<string>, name: string | undefined): boolean {
  if (name === undefined) return true;
  if (known.has(name)) return false;
  known.add(name);
  return true;
}

function shown<Case>(failure: Failure<Case>): object {
  const { smallest, ...rest } = failure;
  const request = smallest as unknown as FuzzRequest | Invalid;
  return {
    ...rest,
    ...('mutation' in request
      ? request
      : { ...request, operation: request.operation.id, wire: wire(request) }),
  };
}
