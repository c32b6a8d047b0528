import fc from 'fast-check';
import { document, withoutNulls, type Members, type Value, type XmlStyle } from '../xml-format.js';
import type { Contract, DocumentedOperation, Parameter, Schema } from './contract.js';
import { Values } from './values.js';

export const BODY_LIMIT_BYTES = 65_536;

/** How a request says what it says: nothing of it may make a difference. */
export interface Style {
  readonly xml: XmlStyle;
  readonly indent: number;
  readonly byteOrderMark: boolean;
  readonly escapes: boolean;
  readonly contentType: string;
  readonly pathSpelling: 'raw' | 'encoded' | 'all-encoded';
  readonly bearer: string;
}

/** What a reply is asked for as, and in which format it has to come. */
export interface Asked {
  readonly accept: string | undefined;
  readonly format: 'json' | 'xml';
}

/** A request as its meaning. */
export interface FuzzRequest {
  readonly operation: DocumentedOperation;
  /** Path parameters, decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly type: string | undefined;
  readonly body: Members | undefined;
  readonly asked: Asked;
  readonly style: Style;
}

/** A request as it is sent. `authorization` is left to who sends it, unless it is given. */
export interface Wire {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer | undefined;
}

/*
 * Narrower than the document, which cannot say it:
 * the pattern of references is the operator's, and this is the one by default (it is in the description).
 */
const REFERENCE: Schema = {
  anyOf: [
    { type: 'string', pattern: '^[A-Za-z0-9_-]{1,64}$' },
    // Of these hardly any comes twice.
    { type: 'string', pattern: '^[A-Za-z0-9_-]{9,64}$' },
    { type: 'string', pattern: '^[A-Za-z0-9_-]{9,64}$' },
  ],
};
const NARROWER = { handoffRefNo: REFERENCE, handoffRefNumber: REFERENCE };

const ASKED: fc.Arbitrary<Asked> = fc.constantFrom<Asked>(
  { accept: undefined, format: 'json' },
  { accept: '*/*', format: 'json' },
  { accept: 'application/json', format: 'json' },
  { accept: 'application/json; charset=utf-8', format: 'json' },
  { accept: 'text/html, application/*;q=0.1', format: 'json' },
  { accept: 'application/xml', format: 'xml' },
  { accept: 'application/json;q=0.5, application/xml', format: 'xml' },
);

/** What may be asked of an operation: of a stream, only that. What answers nothing may be asked for anything. */
function askable({ answers, success }: DocumentedOperation): fc.Arbitrary<Asked> {
  const [type] = answers.get(success)?.keys() ?? [];
  return type === undefined || type === 'application/json'
    ? ASKED
    : fc
        .constantFrom(undefined, '*/*', type, `application/json, ${type}`)
        .map((accept) => ({ accept, format: 'json' }));
}

/** Valid requests of an operation, by the document. */
export class Requests {
  private readonly values: Values;

  constructor(contract: Contract) {
    this.values = new Values(contract, NARROWER);
  }

  valid(operation: DocumentedOperation, type: string | undefined): fc.Arbitrary<FuzzRequest> {
    const parameters = (where: Parameter['in']): fc.Arbitrary<Record<string, string>> =>
      this.parameters(operation.parameters.filter((parameter) => parameter.in === where));
    const body: fc.Arbitrary<Members | undefined> =
      type === undefined
        ? fc.constant(undefined)
        : this.values.of(operation.bodies.get(type)?.schema ?? {}).map((value) => value as Members);
    return fc
      .record({
        path: parameters('path'),
        query: parameters('query'),
        headers: parameters('header'),
        body,
        asked: askable(operation),
        style: styles(type),
      })
      .map((parts) => ({ operation, type, ...parts }))
      .map(narrowed)
      .filter((request) => sizeOf(wire(request)) <= BODY_LIMIT_BYTES && changesSomething(request));
  }

  private parameters(parameters: readonly Parameter[]): fc.Arbitrary<Record<string, string>> {
    const values = parameters.map(({ name, schema }) => [name, this.parameter(name, schema)] as const);
    return fc.record(Object.fromEntries(values), {
      requiredKeys: parameters.filter(({ required }) => required === true).map(({ name }) => name),
      noNullPrototype: true,
    });
  }

  private parameter(name: string, schema: Schema): fc.Arbitrary<string> {
    const value = this.values
      .named(name, schema)
      .map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    // A cursor is opaque: only the `next` of a page is one.
    if (name === 'cursor') return fc.nat(1_000).map((seq) => cursorAt(seq + 1));
    // What is not well-formed is replaced, never refused.
    if (name === 'X-Request-Id') return fc.oneof(value, fc.constantFrom('a b', 'x'.repeat(129), '{}', '%41'));
    return value;
  }
}

function cursorAt(seq: number): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}

/** What the path and the body of an upstream operation have to agree on, which no schema says. */
function narrowed(request: FuzzRequest): FuzzRequest {
  const { path, body } = request;
  if (body === undefined) return request;
  const { handoffRefNo, id } = path;
  if (handoffRefNo !== undefined) return { ...request, body: { ...body, handoffRefNumber: handoffRefNo } };
  if (id !== undefined && isMembers(body['actionId']))
    return { ...request, body: { ...body, actionId: { ...body['actionId'], id } } };
  return request;
}

/** An update of an action has to say something beside which action; nulls say nothing. */
function changesSomething({ operation, body }: FuzzRequest): boolean {
  if (operation.id !== 'deferredActionsModify' || body === undefined) return true;
  return Object.entries(body).some(([name, value]) => name !== 'actionId' && value !== null);
}

function styles(type: string | undefined): fc.Arbitrary<Style> {
  return fc.record({
    xml: fc.constantFrom<XmlStyle>('sparse', 'explicit'),
    indent: fc.constantFrom(0, 0, 1, 7),
    byteOrderMark: rarely,
    escapes: rarely,
    contentType: fc
      .constantFrom('', '; charset=utf-8', ';charset="UTF-8"')
      .map((parameter) => `${type ?? ''}${parameter}`),
    pathSpelling: fc.constantFrom<Style['pathSpelling']>('raw', 'encoded', 'all-encoded'),
    bearer: fc.constantFrom('Bearer', 'Bearer', 'bearer'),
  });
}

const rarely = fc.integer({ min: 0, max: 9 }).map((number) => number === 9);

/** The body that the upstream is to be told: nulls count as left out. */
export function meant(body: Members | undefined): Value | undefined {
  return body === undefined ? undefined : withoutNulls(JSON.parse(JSON.stringify(body)) as Value);
}

export function wire(request: FuzzRequest): Wire {
  const { operation, query, headers, type, body, asked, style } = request;
  const search = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return {
    method: operation.method,
    path: pathOf(request) + (search.length > 0 ? `?${search.join('&')}` : ''),
    headers: {
      ...headers,
      ...(asked.accept !== undefined && { accept: asked.accept }),
      ...(type !== undefined && { 'content-type': style.contentType }),
    },
    body: body === undefined ? undefined : bodyText(request, body),
  };
}

export function pathOf({ operation, path, style }: FuzzRequest): string {
  return operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    spelled(path[name] ?? '', style.pathSpelling),
  );
}

/** `+` may be sent as it is in a path, and any character as its octets (RFC 3986, section 2.3). */
function spelled(segment: string, spelling: Style['pathSpelling']): string {
  // Longer than 256 characters a segment is answered 414, however short the id that it stands for.
  if (spelling === 'all-encoded' && segment.length <= 64)
    return Buffer.from(segment)
      .toString('hex')
      .replace(/../g, (octet) => `%${octet}`);
  const encoded = encodeURIComponent(segment);
  return spelling === 'raw' ? encoded.replaceAll('%2B', '+') : encoded;
}

function bodyText({ operation, type, style }: FuzzRequest, body: Members): string {
  const mark = style.byteOrderMark ? '\uFEFF' : '';
  if (type === 'application/xml')
    return mark + document(operation.bodies.get(type)?.root ?? '', body, style.xml);
  const json = JSON.stringify(body, null, style.indent);
  return mark + (style.escapes ? json.replace(/[^ -~]/g, escaped) : json);
}

function escaped(unit: string): string {
  return unit === '\n' ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

export function sizeOf({ body = '' }: Wire): number {
  return Buffer.byteLength(body);
}

export function isMembers(value: Value | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
