import type {
  MediaTypeObject,
  OpenAPIObject,
  OperationObject,
  ParameterObject,
  RequestBodyObject,
  ResponseObject,
  SchemaObject,
  SecuritySchemeObject,
} from '@nestjs/swagger';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import {
  ACTION_ID,
  ACTION_PATH,
  actionPath,
  DOCUMENTED_REPLY,
  HANDOFF_PATH,
  Landscape,
  UPDATED_HANDOFF,
  type Call,
} from './support/landscape.js';
import { OPERATIONS, operate, upstreamOf } from './support/operations.js';
import { hang, json, reset, type Script } from './support/scripted-upstream.js';

const HANDOFF = '/clmo-handoff-services/service/v1/externalHandoff';
const ACTIONS = '/bcws/webresources/v1.0/deferredactions';
/** Statuses with a problem that comes after an intent, and those of successes. */
const AFTER_INTENT = [200, 201, 204, 400, 403, 404, 422, 500, 502, 503, 504];
const AFTER_INTENT_HEADERS = ['Operation-Id', 'Idempotency-Replayed'];

/** The fixed fields of OpenAPI 3.1.1 section 4.8 that this document uses. Anything else is a slip. */
const FIXED_FIELDS = {
  document: ['openapi', 'info', 'servers', 'paths', 'components', 'tags'],
  operation: [
    'operationId',
    'summary',
    'description',
    'tags',
    'parameters',
    'requestBody',
    'responses',
    'security',
  ],
  parameter: ['name', 'in', 'required', 'description', 'schema'],
  requestBody: ['required', 'content'],
  response: ['description', 'headers', 'content'],
  header: ['description', 'schema', 'example'],
  mediaType: ['schema', 'example', 'examples'],
};

interface Documented {
  readonly name: string;
  readonly path: string;
  readonly operation: OperationObject;
}

/** A media type of a request body (without status) or of a response. */
interface Representation {
  readonly where: string;
  readonly type: string;
  readonly mediaType: MediaTypeObject;
}

describe('the OpenAPI document', () => {
  let landscape: Landscape;
  let document: OpenAPIObject;
  /** The operations of the two upstream systems. */
  let operations: Documented[];
  /** The gateway's own. */
  let own: Documented[];
  beforeAll(async () => {
    landscape = await Landscape.start({ HANDOFF_TIMEOUT_MS: '1000', BILLING_CARE_TIMEOUT_MS: '1000' });
    const reply = await landscape.call('/openapi.json', { method: 'GET', token: null });
    document = (await reply.json()) as OpenAPIObject;
    const all = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        path,
        operation: operation as OperationObject,
      })),
    );
    const isOwn = ({ operation: { tags = [] } }: Documented): boolean =>
      ['Writes', 'Audit trail', 'Health'].some((tag) => tags.includes(tag));
    own = all.filter(isOwn);
    operations = all.filter((each) => !isOwn(each));
  });
  afterAll(() => landscape.end());

  describe('as OpenAPI 3.1', () => {
    it('says so, and uses only fixed fields of the specification', () => {
      expect(document.openapi).toBe('3.1.0');
      expect(strangers('document', document)).toEqual([]);
      for (const { operation } of operations) {
        expect(strangers('operation', operation)).toEqual([]);
        expect(parametersOf(operation).flatMap((each) => strangers('parameter', each))).toEqual([]);
        expect(strangers('requestBody', operation.requestBody ?? {})).toEqual([]);
        for (const response of Object.values(responsesOf(operation))) {
          expect(strangers('response', response)).toEqual([]);
          expect(Object.values(response.headers ?? {}).flatMap((each) => strangers('header', each))).toEqual(
            [],
          );
        }
        const mediaTypes = representationsOf(operation).map(({ mediaType }) => mediaType);
        expect(mediaTypes.flatMap((each) => strangers('mediaType', each))).toEqual([]);
      }
    });

    it('has only references that lead somewhere', () => {
      const names = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
      expect(names.length).toBeGreaterThan(0);
      const schemas = Object.keys(document.components?.schemas ?? {});
      expect(
        names.filter((ref) => !schemas.includes(ref?.replace('#/components/schemas/', '') ?? '')),
      ).toEqual([]);
    });

    it('has schemas that are JSON Schema 2020-12, with nothing left of `nullable`', () => {
      const ajv = schemaReader();
      for (const name of Object.keys(document.components?.schemas ?? {})) {
        expect(() => ajv.getSchema(schemaId(name))).not.toThrow();
      }
      expect(JSON.stringify(document)).not.toContain('"nullable"');
    });
  });

  describe('of every operation', () => {
    it('tells what it is and what it does, under a name of its own', () => {
      expect(
        operations.map(({ name, operation }) => [name, operation.operationId, operation.summary]),
      ).toEqual([
        [`GET ${HANDOFF}/{handoffRefNo}`, 'handoffDetails', 'Get all details for a handoff reference'],
        [
          `GET ${HANDOFF}/{handoffRefNo}/handoffstatus`,
          'handoffStatuses',
          'Get all statuses for a handoff reference',
        ],
        [
          `PUT ${HANDOFF}/{handoffRefNo}/updatestatus`,
          'handoffUpdateStatus',
          'Update an existing ExternalHandoff',
        ],
        [`POST ${HANDOFF}`, 'handoffCreate', 'Add a new ExternalHandoff'],
        [
          `GET ${ACTIONS}/account/{accountId}`,
          'deferredActionsList',
          'Get the deferred actions of an account',
        ],
        [`PUT ${ACTIONS}/{id}`, 'deferredActionsModify', 'Modify a deferred action'],
        [`POST ${ACTIONS}/{id}`, 'deferredActionsPerform', 'Perform a deferred action'],
        [`DELETE ${ACTIONS}/{id}`, 'deferredActionsDelete', 'Delete a deferred action'],
      ]);
      const tags = document.tags?.map(({ name }) => name);
      for (const { operation } of operations) {
        expect(operation.description).toMatch(/\w{3}.*\.$/s);
        expect(tags).toEqual(expect.arrayContaining(operation.tags ?? []));
      }
    });

    it('describes every parameter, with a pattern that its example fits', () => {
      for (const { path, operation } of operations) {
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
        const declared = parametersOf(operation).filter((parameter) => parameter.in === 'path');
        expect(declared.map(({ name }) => name)).toEqual(inPath);
        for (const { description, required, schema } of declared) {
          expect([description === undefined, required]).toEqual([false, true]);
          const { pattern = '(?!)', example } = schema as { pattern?: string; example: unknown };
          expect(example).toMatch(new RegExp(pattern, 'u'));
        }
        expect(parametersOf(operation).every(({ description }) => description !== undefined)).toBe(true);
      }
    });

    it('names the scope it needs, and the scheme says what the scope is for', () => {
      const scheme = document.components?.securitySchemes?.['access-token'] as SecuritySchemeObject;
      const { scopes, ...endpoints } = scheme.flows?.authorizationCode ?? {};
      expect(endpoints).toEqual({
        authorizationUrl: `${landscape.issuer.url}/auth`,
        tokenUrl: `${landscape.issuer.url}/token`,
      });
      expect(scopes).toEqual({
        'handoff:read': 'Get all details for a handoff reference; Get all statuses for a handoff reference',
        'handoff:write': 'Update an existing ExternalHandoff; Add a new ExternalHandoff',
        'deferred-actions:read': 'Get the deferred actions of an account',
        'deferred-actions:write': 'Modify a deferred action',
        'deferred-actions:perform': 'Perform a deferred action',
        'deferred-actions:delete': 'Delete a deferred action',
        'writes:resolve': 'Resolve an undecided write',
        'audit:read': 'Find records; List the checkpoints; Export the trail',
      });
      expect(operations.map(({ operation }) => operation.security)).toEqual(
        OPERATIONS.map(({ scope }) => [{ 'access-token': [scope] }]),
      );
    });

    it('has a body and a success in JSON and XML, and every problem in both', () => {
      const both = ['application/json', 'application/xml'];
      for (const { name, operation } of operations) {
        const takesBody = name.startsWith('PUT') || name === `POST ${HANDOFF}`;
        expect([
          name,
          Object.keys((operation.requestBody as RequestBodyObject | undefined)?.content ?? {}),
        ]).toEqual([name, takesBody ? both : []]);
        for (const [status, { content = {} }] of Object.entries(responsesOf(operation))) {
          if (status === '204') continue;
          // A request that timed out is answered by the HTTP parser, which knows no Accept header.
          const problem =
            status === '408'
              ? ['application/problem+json']
              : ['application/problem+json', 'application/problem+xml'];
          expect([status, Object.keys(content)]).toEqual([status, status < '300' ? both : problem]);
        }
      }
    });

    it('lists every status that it can answer', () => {
      const read = '200 400 401 403 404 406 408 414 422 429 431 500 502 503 504';
      const write = '400 401 403 404 406 408 409 414 415 422 429 431 500 502 503 504';
      const statuses = operations.map(({ operation }) => [
        operation.operationId,
        Object.keys(operation.responses).join(' '),
      ]);
      expect(Object.fromEntries(statuses)).toEqual({
        handoffDetails: inOrder(`${read} 409`),
        handoffStatuses: inOrder(`${read} 409`),
        handoffUpdateStatus: inOrder(`${write} 200 413`),
        handoffCreate: inOrder(`${write} 201 413`),
        deferredActionsList: inOrder(read),
        deferredActionsModify: inOrder(`${write} 200 413`),
        deferredActionsPerform: inOrder(`${write} 201`),
        deferredActionsDelete: inOrder(`${write} 204`.replace('406 ', '')),
      });
    });

    it.each([
      ['X-Request-Id', () => true],
      ['Operation-Id', (status: number) => AFTER_INTENT.includes(status)],
      ['Idempotency-Replayed', (status: number) => AFTER_INTENT.includes(status)],
      ['WWW-Authenticate', (status: number) => status === 401 || status === 403],
      ['Retry-After', (status: number) => status === 429 || status === 503],
      ['RateLimit', (status: number) => status < 300 || status === 429],
      ['RateLimit-Policy', (status: number) => status < 300 || status === 429],
      ['Accept', (status: number) => status === 415],
      ['Accept-Encoding', (status: number) => status === 415],
    ])('documents the header %s', (header, isCarried) => {
      for (const { name, operation } of operations) {
        const ofWrites = AFTER_INTENT_HEADERS.includes(header);
        for (const [status, { headers = {} }] of Object.entries(responsesOf(operation))) {
          // Of the refusals with 409 only those of lending come after an intent.
          if (ofWrites && status === '409') continue;
          const carried = isCarried(Number(status)) && !(ofWrites && name.startsWith('GET'));
          expect([name, status, header in headers]).toEqual([name, status, carried]);
        }
      }
    });

    it('has a schema and an example for every media type of every status', () => {
      for (const { operation } of operations) {
        for (const { where, type, mediaType } of representationsOf(operation)) {
          expect([where, type, mediaType.schema]).not.toEqual([where, type, undefined]);
          expect([where, type, examplesOf(mediaType).length > 0]).toEqual([where, type, true]);
        }
      }
    });

    it('has JSON examples that are valid by their schema', () => {
      const ajv = schemaReader();
      const json = operations
        .flatMap(({ operation }) => representationsOf(operation))
        .filter(({ type }) => type.endsWith('json'));
      expect(json.length).toBeGreaterThan(30);
      for (const { where, mediaType } of json) {
        const validate = validatorOf(mediaType, ajv);
        for (const example of examplesOf(mediaType)) {
          expect([where, example, validate(example), validate.errors]).toEqual([where, example, true, null]);
        }
      }
    });

    it('has problems that were met at its own path, under the status they are listed with', () => {
      for (const { path, operation } of operations) {
        const met = path
          .replace('{handoffRefNo}', 'HO123')
          .replace('{id}', ACTION_ID)
          .replace('{accountId}', '0.0.0.1+-account+123123');
        for (const { where, mediaType } of representationsOf(operation)) {
          for (const example of examplesOf(mediaType)) {
            if (!isProblem(example)) continue;
            expect(`${example.status} ${example.instance}`).toBe(`${where} ${met}`);
          }
        }
      }
    });
  });

  describe("of the gateway's own operations", () => {
    it('tells what they are and what they need', () => {
      expect(
        own.map(({ name, operation }) => [name, operation.security?.[0]?.['access-token']?.join(' ')]),
      ).toEqual([
        ['GET /audit/records', 'audit:read'],
        ['GET /audit/checkpoints', 'audit:read'],
        ['GET /audit/export', 'audit:read'],
        ['GET /health/live', undefined],
        ['GET /health/ready', undefined],
        ['GET /writes', ''],
        ['GET /writes/{operationId}', ''],
        ['POST /writes/{operationId}/resolution', 'writes:resolve'],
      ]);
    });

    it('uses only fixed fields of the specification, and describes every parameter', () => {
      for (const { operation } of own) {
        expect(strangers('operation', operation)).toEqual([]);
        expect(operation.description).toMatch(/\w{3}.*\.$/s);
        expect(parametersOf(operation).flatMap((each) => strangers('parameter', each))).toEqual([]);
        expect(parametersOf(operation).filter(({ description }) => description === undefined)).toEqual([]);
      }
    });

    it('has an example for every media type, valid by its schema, and no outcome where nothing is written', () => {
      const ajv = schemaReader();
      for (const { name, operation } of own) {
        for (const { where, type, mediaType } of representationsOf(operation)) {
          const examples = examplesOf(mediaType);
          expect([name, where, type, examples.length > 0]).toEqual([name, where, type, true]);
          if (!type.endsWith('json') || type.endsWith('x-ndjson')) continue;
          const validate = validatorOf(mediaType, ajv);
          for (const example of examples) {
            expect([name, where, example, validate(example), validate.errors]).toEqual([
              name,
              where,
              example,
              true,
              null,
            ]);
            if (isProblem(example)) expect('outcome' in example).toBe(!name.startsWith('GET'));
          }
        }
      }
    });
  });

  describe('of the schemas', () => {
    it('describes every schema and every member', () => {
      for (const [name, schema] of schemasOf(document)) {
        const members = (Object.entries(schema.properties ?? {}) as [string, SchemaObject][]).map(
          ([member, { description }]) => [`${name}.${member}`, description],
        );
        expect([[name, schema.description], ...members].filter(([, text]) => text === undefined)).toEqual([]);
      }
    });

    it.each([
      ['ExternalHandoffStatusModel', ['handoffRefNumber'], false],
      ['ExternalHandoffModel', ['applicationNumber', 'handoffRefNumber'], false],
      ['DeferredAction', undefined, false],
      ['ResourceRef', ['id'], false],
      ['ResponseDtoWrapper', ['messages'], undefined],
      [
        'ProblemDocument',
        ['type', 'title', 'status', 'instance', 'code', 'requestId', 'retryable'],
        undefined,
      ],
    ])('states of %s what it needs and whether it takes unknown members', (name, required, unknown) => {
      const schema = schemaNamed(name);
      expect({ required: schema.required, unknown: schema.additionalProperties }).toEqual({
        required,
        unknown,
      });
    });

    it.each([
      ['ExternalHandoffStatusModel', 'handoffStatus', { type: ['string', 'null'] }],
      ['ExternalHandoffStatusModel', 'handoffRefNumber', { type: 'string', minLength: 1 }],
      [
        'DeferredAction',
        'actionStatus',
        { type: ['integer', 'null'], format: 'int32', minimum: 0, maximum: 3 },
      ],
      ['DeferredAction', 'isCollectionsAction', { type: ['boolean', 'null'] }],
      ['DeferredAction', 'extension', { type: ['object', 'null'], additionalProperties: true }],
      [
        'DeferredAction',
        'actionId',
        { anyOf: [{ $ref: '#/components/schemas/ResourceRef' }, { type: 'null' }] },
      ],
      ['ProblemDocument', 'status', { type: 'integer' }],
    ])('knows the type of %s.%s', (name, member, type) => {
      expect(schemaNamed(name).properties?.[member]).toMatchObject(type);
    });

    it.each([
      ['2021-02-14', true],
      ['2021-02-14T09:30:00+05:30', true],
      [1_613_241_000_000, true],
      [null, true],
      [1.5, false],
      [true, false],
    ])('takes %j as a scheduled date: %j', (scheduledDate, valid) => {
      const validate = schemaReader().getSchema(schemaId('DeferredAction'));
      expect(validate?.({ scheduledDate })).toBe(valid);
    });

    it.each([
      ['ExternalHandoffStatusModel', { name: 'ExternalHandoffStatusModel' }],
      ['ResponseDtoWrapper', { name: 'ResponseDtoWrapper' }],
      ['DeferredAction', { name: 'DeferredAction' }],
      ['ProblemDocument', { name: 'problem', namespace: 'urn:ietf:rfc:7807' }],
    ])('names the root element of %s', (name, xml) => {
      expect(schemaNamed(name).xml).toEqual(xml);
    });
  });

  describe('kept by the gateway', () => {
    it.each([
      ['handoffUpdateStatus', HANDOFF_PATH, UPDATED_HANDOFF],
      ['handoffCreate', HANDOFF, UPDATED_HANDOFF],
      ['deferredActionsModify', ACTION_PATH, DOCUMENTED_REPLY],
    ])('takes every documented body of %s, the XML ones as the JSON ones', async (id, path, reply) => {
      const { requestBody } = operationNamed(id);
      const method = id === 'handoffCreate' ? 'POST' : 'PUT';
      const { content } = requestBody as RequestBodyObject;
      const [asJson = [], asXml = []] = ['application/json', 'application/xml'].map((type) =>
        examplesOf(content[type] ?? {}),
      );
      expect(asJson.length).toBe(2);
      for (const [index, example] of asJson.entries()) {
        for (const upstream of [landscape.billing, landscape.lending]) upstream.play(json(200, reply));
        const replies = [
          await landscape.call(path, { method, body: example }),
          await landscape.call(path, {
            method,
            body: asXml[index],
            headers: { 'content-type': 'application/xml' },
          }),
        ];
        expect(replies.map(({ ok }) => ok)).toEqual([true, true]);
        const received = [...landscape.billing.calls, ...landscape.lending.calls].map(({ body }) => body);
        expect(received.map((body) => JSON.parse(body) as unknown)).toEqual([example, example]);
      }
    });

    it.each(OPERATIONS.map((operation, index) => ({ ...operation, operation, index })))(
      'answers $name with the documented success, in both formats',
      async ({ operation, index, status }) => {
        const responses = responsesOf(operations[index]?.operation ?? { responses: {} });
        const { content = {} } = responses[status] ?? { description: '' };
        const documented = content['application/json']?.example as unknown;
        upstreamOf(landscape, operation).play(json(status, documented));
        const asJson = await operate(landscape, operation);
        const asXml = await operate(landscape, operation, { headers: { accept: 'application/xml' } });
        expect([asJson.status, asXml.status]).toEqual([status, status]);
        expect(await asJson.text()).toBe(documented === undefined ? '' : JSON.stringify(documented));
        expect(await asXml.text()).toBe(content['application/xml']?.example ?? '');
      },
    );

    let written = 0;
    const body = { scheduledDate: '2021-02-14' };
    it.each<[code: string, call: Call, script: Script]>([
      ['unauthenticated', { body, token: null }, hang],
      ['malformed-body', { body: '', headers: { 'content-type': 'application/json' } }, hang],
      ['invalid-request', { body: { comment: 1 } }, hang],
      ['id-mismatch', { body: { actionId: { id: '0.0.0.1+-schedule+1' } } }, hang],
      ['unsupported-media-type', { body: 'x', headers: { 'content-type': 'text/plain' } }, hang],
      [
        'upstream-rejected',
        { body },
        json(400, { errorCode: 'ERR-17', errorMessage: 'The action is not pending' }),
      ],
      ['upstream-not-found', { body }, json(404, {})],
      ['upstream-error', { body }, json(500, {})],
      ['upstream-bad-response', { body }, reset],
      ['upstream-timeout', { body }, hang],
    ])('answers %s as it is documented, in both formats', async (code, call, script) => {
      landscape.billing.play(script);
      for (const format of ['json', 'xml']) {
        const type = `application/problem+${format}`;
        // A write whose outcome is unknown lets no other one near its resource.
        const path = code === 'id-mismatch' ? ACTION_PATH : actionPath(++written);
        const reply = await landscape.call(path, {
          ...call,
          headers: { ...call.headers, accept: `application/${format}` },
        });
        const response = responsesOf(operationNamed('deferredActionsModify'))[reply.status];
        expect(reply.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
        for (const header of Object.keys(response?.headers ?? {}).filter(isOfEveryReply)) {
          expect(reply.headers.has(header)).toBe(true);
        }
        const example = response?.content?.[type]?.examples?.[code];
        const documented =
          example !== undefined && 'value' in example ? (example.value as unknown) : undefined;
        const text = typeof documented === 'string' ? documented : JSON.stringify(documented);
        expect(withoutOccurrence(await reply.text())).toBe(withoutOccurrence(text));
      }
    });

    /** What differs between any two occurrences of the same problem. */
    function withoutOccurrence(problem: string): string {
      return problem
        .replaceAll(landscape.gateway.url, 'https://gateway.example')
        .replace(/-schedule\+\d+/g, '-schedule+ID')
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
        .replace(/,?"detail":"[^"]*"|<detail>[^<]*<\/detail>/, '');
    }
  });

  function schemaReader(): Ajv2020 {
    const ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false });
    formats.default(ajv);
    ajv.addVocabulary(['components', 'xml', 'example']);
    ajv.addSchema({ $id: 'openapi', components: document.components });
    return ajv;
  }

  function operationNamed(id: string): OperationObject {
    const found = operations.find(({ operation }) => operation.operationId === id);
    if (found === undefined) throw new Error(`there is no operation ${id}`);
    return found.operation;
  }

  function schemaNamed(name: string): SchemaObject {
    const found = schemasOf(document).find(([each]) => each === name);
    if (found === undefined) throw new Error(`there is no schema ${name}`);
    return found[1];
  }
});

/** How the schema of a media type is checked, whether it is a component or stands there itself. */
function validatorOf({ schema }: MediaTypeObject, ajv: Ajv2020): ValidateFunction {
  return ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object);
}

function inOrder(statuses: string): string {
  return statuses.split(' ').sort().join(' ');
}

function strangers(kind: keyof typeof FIXED_FIELDS, value: object): string[] {
  return Object.keys(value).filter((field) => !FIXED_FIELDS[kind].includes(field));
}

function schemasOf({ components }: OpenAPIObject): [string, SchemaObject][] {
  return Object.entries(components?.schemas ?? {}) as [string, SchemaObject][];
}

function schemaId(name: string): string {
  return `openapi#/components/schemas/${name}`;
}

function parametersOf({ parameters = [] }: OperationObject): ParameterObject[] {
  return parameters as ParameterObject[];
}

function bodyOf({ requestBody }: OperationObject): RequestBodyObject {
  return requestBody as RequestBodyObject;
}

function responsesOf({ responses }: OperationObject): Record<string, ResponseObject> {
  return responses as Record<string, ResponseObject>;
}

function representationsOf(operation: OperationObject): Representation[] {
  const contents = [
    ...(operation.requestBody === undefined ? [] : [{ where: 'body', content: bodyOf(operation).content }]),
    ...Object.entries(responsesOf(operation)).map(([where, { content = {} }]) => ({ where, content })),
  ];
  return contents.flatMap(({ where, content }) =>
    Object.entries(content).map(([type, mediaType]) => ({ where, type, mediaType })),
  );
}

function examplesOf({ example, examples = {} }: MediaTypeObject): unknown[] {
  const named = Object.values(examples).map((each) =>
    'value' in each ? (each.value as unknown) : undefined,
  );
  return [...(example === undefined ? [] : [example as unknown]), ...named];
}

function isProblem(example: unknown): example is { status: number; instance: string } {
  return typeof example === 'object' && example !== null && 'instance' in example;
}

/** The others come with some of a status's problems only. */
function isOfEveryReply(header: string): boolean {
  return header === 'X-Request-Id' || header === 'WWW-Authenticate';
}
