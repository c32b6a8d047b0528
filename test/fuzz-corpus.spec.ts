import { isDeepStrictEqual } from 'node:util';
import { CORPUS } from './corpus/requests.js';
import { Client } from './support/fuzz/client.js';
import { Contract } from './support/fuzz/contract.js';
import { read, type Problem } from './support/fuzz/reply.js';
import { Landscape } from './support/landscape.js';
import { OPERATIONS, freshResource, upstreamOf } from './support/operations.js';

describe('the corpus of requests', () => {
  let landscape: Landscape;
  let client: Client;
  let contract: Contract;
  beforeAll(async () => {
    landscape = await Landscape.start();
    const reply = await landscape.call('/openapi.json', { method: 'GET', token: null });
    contract = new Contract((await reply.json()) as ConstructorParameters<typeof Contract>[0]);
    client = await Client.to(landscape, [...new Set(OPERATIONS.map(({ scope }) => scope))]);
  });
  afterAll(async () => {
    await client.close();
    await landscape.end();
  });

  it.each(CORPUS)('$operation: $name', async (row) => {
    const operation = OPERATIONS.find(({ name }) => name === row.operation);
    const path = operation?.path('{}').replace('{}', row.id ?? freshResource(operation));
    const documented = contract.operations.find(
      (each) => each.method === operation?.method && matches(each.path, operation.path('x')),
    );
    if (operation === undefined || documented === undefined) throw new Error(`no operation ${row.operation}`);
    for (const upstream of [landscape.lending, landscape.billing]) upstream.play(operation.answer);

    const { query = '', method = operation.method, headers = {}, body } = row;
    const reply = await client.send({ method, path: `${path ?? ''}${query}`, headers, body });

    const { complaints, value } = read(reply, documented, contract, 'json', row.status !== 405);
    const code = (value as Partial<Problem> | undefined)?.code;
    expect({ status: reply.status, code, complaints }).toEqual({
      status: row.status,
      code: row.code,
      complaints: [],
    });
    const calls = [landscape.lending, landscape.billing].flatMap((upstream) => upstream.calls);
    expect(calls).toHaveLength(row.status < 300 ? 1 : 0);
    if (row.told === undefined) return;
    expect(isDeepStrictEqual(JSON.parse(upstreamOf(landscape, operation).onlyCall.body), row.told)).toBe(
      true,
    );
  });

  it('has names that tell its rows apart', () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
  });
});

/** Whether a path is one of the documented template. */
function matches(template: string, path: string): boolean {
  return template.replace(/\{\w+\}/g, 'x') === path;
}
