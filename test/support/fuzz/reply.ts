import { elementOf, fromXml, type Element, type Value } from '../xml-format.js';
import type { Contract, DocumentedOperation } from './contract.js';
import type { Invalid } from './mutations.js';

/** A reply as it came. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** What a reply says, once its format and its schema are known to be right. */
export interface Told {
  /** What is wrong with the reply; empty if it is as documented. */
  readonly complaints: string[];
  readonly value: Value | undefined;
}

export interface Problem {
  readonly code: string;
  readonly outcome?: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

/** What is told of a reply, and whether it is one that the document describes for the operation. */
export function read(
  { status, headers, text }: Reply,
  operation: DocumentedOperation,
  contract: Contract,
  format: 'json' | 'xml',
  documented = true,
): Told {
  const complaints: string[] = [];
  const answers = operation.answers.get(status);
  if (status >= 500) complaints.push(`answered ${status}`);
  if (documented && answers === undefined) complaints.push(`${status} is not documented`);
  const requestId = headers['x-request-id'];
  if (typeof requestId !== 'string' || requestId === '') complaints.push('no X-Request-Id');
  if (text === '') {
    // A stream may have no lines.
    const none = status === 204 || String(headers['content-type']).startsWith('application/x-ndjson');
    if (!none) complaints.push('no body');
    return { complaints, value: undefined };
  }
  const contentType = String(headers['content-type']);
  const mediaType = contentType.replace('; charset=utf-8', '');
  if (contentType === mediaType) complaints.push(`no charset in ${contentType}`);
  const representation = answers?.get(mediaType);
  if (documented && representation === undefined) complaints.push(`${mediaType} is not documented`);
  const problem = mediaType.startsWith('application/problem+');
  if (!mediaType.endsWith(`${problem ? '+' : '/'}${format}`) && !mediaType.endsWith('ndjson'))
    complaints.push(`${mediaType}, although ${format} was asked for`);
  const value = parse(text, mediaType, representation?.root, complaints);
  const check = problem ? contract.checkProblem : representation?.check;
  if (check?.(value) === false) complaints.push(`not by its schema: ${JSON.stringify(check.errors)}`);
  if (status >= 400) {
    if (!problem) complaints.push('no problem document');
    const told = value as unknown as Problem & {
      status: number;
      type: string;
      requestId: string;
      operationId?: string;
    };
    if (told.status !== status) complaints.push(`its status is ${told.status}`);
    if (!told.type.endsWith(`/problems/${told.code}`)) complaints.push(`its type is ${told.type}`);
    if (told.requestId !== requestId) complaints.push('its requestId is not that of the header');
    if (told.operationId !== headers['operation-id'])
      complaints.push('its operationId is not that of the header');
  }
  return { complaints, value };
}

/** What is told of a refusal, and whether it is the one that the request had to be answered with. */
export function readRefusal(
  reply: Reply,
  wrong: Invalid,
  operation: DocumentedOperation,
  contract: Contract,
): Told {
  const { complaints, value } = read(reply, operation, contract, wrong.format, wrong.undocumented !== true);
  const { code, outcome, errors } = (value ?? {}) as unknown as Partial<Problem>;
  if (reply.status !== wrong.status || code !== wrong.code)
    complaints.push(
      `answered ${reply.status} ${String(code)}, not ${wrong.status} ${wrong.code}: ${reply.text}`,
    );
  const pointer = errors?.[0]?.pointer;
  if (wrong.pointer !== undefined && pointer?.startsWith(wrong.pointer) !== true)
    complaints.push(`points at ${String(pointer)}, not ${wrong.pointer}`);
  const safe = ['GET', 'TRACE'].includes(wrong.wire.method);
  if (outcome !== (safe ? undefined : 'not-applied')) complaints.push(`its outcome is ${String(outcome)}`);
  if (reply.headers['operation-id'] !== undefined) complaints.push('Operation-Id on what was no write');
  if (wrong.status === 401 && !String(reply.headers['www-authenticate']).startsWith('Bearer '))
    complaints.push('no challenge');
  if (wrong.token === 'no-scope' && !String(reply.headers['www-authenticate']).includes('scope='))
    complaints.push('does not say which scope');
  const allow = String(reply.headers['allow']).split(', ');
  if (wrong.status === 405 && !operation.methods.every((method) => allow.includes(method)))
    complaints.push(`Allow: ${String(allow)}`);
  return { complaints, value };
}

function parse(text: string, mediaType: string, root: string | undefined, complaints: string[]): Value {
  try {
    if (mediaType === 'application/problem+xml') return problemOf(elementOf(text), complaints);
    if (mediaType === 'application/x-ndjson') return text;
    if (!mediaType.endsWith('xml')) return JSON.parse(text) as Value;
    const found = fromXml(text);
    if (found.root !== root) complaints.push(`the root element is ${found.root}`);
    return found.value;
  } catch (error) {
    complaints.push(`not well-formed: ${String(error)}`);
    return null;
  }
}

/** A problem in XML (RFC 9457, appendix B): it has no types, its members are known. */
function problemOf({ name, attributes, children }: Element, complaints: string[]): Value {
  if (name !== 'problem' || attributes['xmlns'] !== 'urn:ietf:rfc:7807')
    complaints.push(`the root element is ${name}`);
  return Object.fromEntries(children.map((child) => [child.name, memberOf(child)]));
}

function memberOf({ name, text, children }: Element): Value {
  if (name === 'status') return Number(text);
  if (name === 'retryable') return text === 'true';
  if (name === 'errors')
    return children.map((each) =>
      Object.fromEntries(each.children.map((member) => [member.name, member.text])),
    );
  return text;
}
