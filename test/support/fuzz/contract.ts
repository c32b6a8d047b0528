import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

/** What the document uses of JSON Schema. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly xml?: { readonly name?: string; readonly namespace?: string };
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface OperationObject {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<
    Record<string, { readonly content?: Content; readonly headers?: Readonly<Record<string, unknown>> }>
  >;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** Says whether a value is as a schema wants it, and of the last one why not. */
export interface Check {
  (value: unknown): boolean;
  readonly errors?: unknown;
}

/** A media type as it is documented: the schema, its check, and the root element in XML. */
export interface Representation {
  readonly schema: Schema;
  readonly check: Check;
  readonly root: string | undefined;
}

/** One operation of the document. */
export interface DocumentedOperation {
  readonly id: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly scopes: readonly string[];
  /** By media type; empty if it takes no body. */
  readonly bodies: ReadonlyMap<string, Representation>;
  /** By status, then by media type. */
  readonly answers: ReadonlyMap<number, ReadonlyMap<string, Representation>>;
  /** The status of its success. */
  readonly success: number;
  /** All methods of its path. */
  readonly methods: readonly string[];
}

/** The document that the gateway serves, read as a contract. */
export class Contract {
  readonly operations: readonly DocumentedOperation[];
  readonly checkProblem: Check;
  private readonly ajv = new Ajv2020({ allowUnionTypes: true, strictTypes: false, validateSchema: false });

  constructor(private readonly document: OpenApi) {
    formats.default(this.ajv);
    this.ajv.addVocabulary(['xml', 'example']);
    for (const [name, schema] of Object.entries(document.components.schemas))
      this.ajv.addSchema(schema, `#/components/schemas/${name}`);
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) =>
        this.read(path, method, operation, Object.keys(item)),
      ),
    );
    this.checkProblem = this.represented({ $ref: '#/components/schemas/ProblemDocument' }).check;
  }

  /** The schema itself, or the component that it refers to. */
  resolve(schema: Schema): Schema {
    if (schema.$ref === undefined) return schema;
    const found = this.document.components.schemas[schema.$ref.replace(/^.*\//, '')];
    if (found === undefined) throw new Error(`${schema.$ref} leads nowhere`);
    return found;
  }

  /** Checks values by a schema of the document. */
  check(schema: Schema): Check {
    return this.ajv.compile(schema);
  }

  private read(
    path: string,
    method: string,
    { operationId, tags, parameters = [], requestBody, responses, security }: OperationObject,
    methods: readonly string[],
  ): DocumentedOperation {
    const answers = new Map(
      Object.entries(responses).map(([status, { content = {} }]) => [
        Number(status),
        this.contentOf(content),
      ]),
    );
    return {
      id: operationId,
      method: method.toUpperCase(),
      path,
      tags,
      parameters,
      scopes: security.flatMap((requirement) => Object.values(requirement).flat()),
      bodies: this.contentOf(requestBody?.content ?? {}),
      answers,
      success: [...answers.keys()].find((status) => status < 300) ?? 0,
      methods: methods.map((each) => each.toUpperCase()),
    };
  }

  private contentOf(content: Content): ReadonlyMap<string, Representation> {
    return new Map(Object.entries(content).map(([type, { schema }]) => [type, this.represented(schema)]));
  }

  private represented(schema: Schema): Representation {
    return {
      schema,
      check: this.ajv.compile(schema),
      root: schema.xml?.name ?? this.resolve(schema).xml?.name,
    };
  }
}
