import fc from 'fast-check';
import { Client } from './support/fuzz/client.js';
import { Contract, type DocumentedOperation } from './support/fuzz/contract.js';
import { invalid } from './support/fuzz/mutations.js';
import { read, readRefusal } from './support/fuzz/reply.js';
import { Requests, wire, type FuzzRequest } from './support/fuzz/request.js';
import { campaign } from './support/fuzz/run.js';
import { DOCUMENTED_REPLY, Landscape, actionPath } from './support/landscape.js';
import { json } from './support/scripted-upstream.js';

const CASES = Number(process.env['SUREHAND_FUZZ_OWN'] ?? 300);
const SEED = Number(
  process.env['SUREHAND_FUZZ_SEED'] ??
    (process.env['SUREHAND_FUZZ'] === undefined ? 1 : Math.floor(Math.random() * 2 ** 31)),
);
const WRITES = 5;

describe("whatever the document allows of the gateway's own operations, and whatever it does not", () => {
  let landscape: Landscape;
  let client: Client;
  let contract: Contract;
  /** Ids of writes that there are. */
  const known: string[] = [];

  beforeAll(async () => {
    landscape = await Landscape.start({ LOG_LEVEL: 'silent' });
    const reply = await landscape.call('/openapi.json', { method: 'GET', token: null });
    contract = new Contract((await reply.json()) as ConstructorParameters<typeof Contract>[0]);
    // Whoever is signed in may ask for their own writes; for those of others it takes a scope that no operation needs.
    client = await Client.to(landscape, [
      'writes:read',
      ...new Set(contract.operations.flatMap(({ scopes }) => scopes)),
    ]);
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
    for (let action = 1; action <= WRITES; action++) {
      const written = await landscape.call(actionPath(action), { body: { scheduledDate: '2021-02-14' } });
      await written.text();
      known.push(written.headers.get('operation-id') ?? '');
    }
    landscape.billing.play(json(200, DOCUMENTED_REPLY));
  });
  afterAll(async () => {
    console.log(`seed ${SEED} (SUREHAND_FUZZ_SEED=${SEED} replays it), ${CASES} valid and invalid each`);
    await client.close();
    await landscape.end();
  });

  describe.each([
    ['writesList', undefined, [200]],
    ['writesStory', undefined, [200, 404]],
    // A decided write is not decided again, and nobody decides one of their own.
    ['writesResolve', 'application/json', [403, 404, 409]],
    ['writesResolve', 'application/xml', [403, 404, 409]],
    ['auditRecords', undefined, [200]],
    ['auditCheckpoints', undefined, [200]],
    ['auditExport', undefined, [200]],
  ])('%s %s', (id, type, statuses) => {
    it('is answered as documented', async () => {
      const operation = operationNamed(id);
      const seen = new Set<number>();
      const { tried, failures } = await campaign({
        arbitrary: fc
          .tuple(new Requests(contract).valid(operation, type), fc.nat(WRITES))
          .map(([request, write]) => onKnown(request, write)),
        cases: CASES,
        seed: SEED,
        admit: (each) => each,
        attempt: async (request) => {
          const reply = await client.send(wire(request), client.spelled(request.style.bearer));
          seen.add(reply.status);
          const { complaints } = read(reply, operation, contract, request.asked.format);
          return statuses.includes(reply.status) ? complaints : [...complaints, reply.text.slice(0, 500)];
        },
      });
      expect(failures).toEqual([]);
      expect(tried).toBe(CASES);
      if (statuses.includes(200)) expect(seen).toContain(200);
    });

    it('is refused as documented if it is wrong in any one way', async () => {
      const operation = operationNamed(id);
      const { failures } = await campaign({
        arbitrary: invalid(new Requests(contract).valid(operation, type), operation, type, contract),
        cases: CASES,
        seed: SEED,
        admit: (each) => each,
        attempt: async (wrong) => {
          const authorization = wrong.token && client.refused(wrong.token, operation.scopes[0]);
          const reply = await client.send(wrong.wire, authorization);
          return readRefusal(reply, wrong, operation, contract).complaints;
        },
      });
      expect(failures).toEqual([]);
      expect([...landscape.lending.calls, ...landscape.billing.calls]).toEqual([]);
    });
  });

  /** Most ids that fit the pattern are of no write: some are given one. */
  function onKnown(request: FuzzRequest, write: number): FuzzRequest {
    const operationId = known[write];
    if (operationId === undefined || !('operationId' in request.path)) return request;
    return { ...request, path: { operationId } };
  }

  function operationNamed(id: string): DocumentedOperation {
    const found = contract.operations.find((each) => each.id === id);
    if (found === undefined) throw new Error(`the document has no operation ${id}`);
    return found;
  }
});
