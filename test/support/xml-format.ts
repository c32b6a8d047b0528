import { SaxesParser } from 'saxes';

export type Value = string | number | boolean | null | Value[] | { [name: string]: Value };
export type Members = Record<string, Value>;

/* A writer and a reader of the format in docs/xml.md of their own, so that no mistake of the gateway's can hide in them. */

const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

/** Every character that means something to XML, or that a reader would tidy up, as a reference. */
const escaped = (text: string): string =>
  text.replace(/[^ !#-%(-;=?-~]/gu, (character) => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`);

/** How much a document says: `sparse` gives no type to what has a declared one, `explicit` gives each its own. */
export type XmlStyle = 'sparse' | 'explicit';

/** Writes a member. A declared field says no type; an undeclared one must, unless it is a string. */
function toXml(name: string, value: Value, declared: boolean, style: XmlStyle): string {
  const [type, content] = typed(value, style);
  const tag = PLAIN_NAME.test(name) ? name : 'member';
  const attributes = [
    ...(tag === name ? [] : [`name="${escaped(name)}"`]),
    ...(style === 'sparse' && (type === 'string' || (declared && type !== 'null')) ? [] : [`type='${type}'`]),
  ];
  return `<${[tag, ...attributes].join(' ')}>${content}</${tag}>`;
}

function typed(value: Value, style: XmlStyle): [type: string, content: string] {
  if (value === null) return ['null', ''];
  if (Array.isArray(value))
    return ['array', value.map((item) => toXml('item', item, false, style)).join('\n')];
  if (typeof value !== 'object') return [typeof value, escaped(String(value))];
  return [
    'object',
    Object.entries(value)
      .map(([name, member]) => toXml(name, member, false, style))
      .join(''),
  ];
}

/** A body as an XML document. */
export function document(root: string, body: Members, style: XmlStyle = 'sparse'): string {
  const content = Object.entries(body).map(([name, value]) => toXml(name, value, true, style));
  return `<?xml version="1.0"?><${root}>${content.join('\n  ')}</${root}>`;
}

export interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

/** Reads a reply in XML back into the value that it stands for. */
export function fromXml(xml: string): { root: string; value: Value } {
  const root = elementOf(xml);
  return { root: root.name, value: valueOf(root) };
}

/** The root element of a well-formed document; throws on any other. */
export function elementOf(xml: string): Element {
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open = [top];
  const parser = new SaxesParser();
  parser.on('opentag', ({ name, attributes }) => {
    const element: Element = { name, attributes: { ...attributes }, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(xml).close();
  const [root] = top.children;
  if (root === undefined) throw new Error('no element');
  return root;
}

function valueOf({ attributes, children, text }: Element): Value {
  switch (attributes['type'] ?? (children.length > 0 ? 'object' : 'string')) {
    case 'string':
      return text;
    case 'json-string':
      return JSON.parse(text) as string;
    case 'number':
      return Number(text);
    case 'boolean':
      return text === 'true';
    case 'null':
      return null;
    case 'array':
      return children.map(valueOf);
    default:
      return Object.fromEntries(children.map((child) => [nameOf(child), valueOf(child)]));
  }
}

function nameOf({ name, attributes }: Element): string {
  const literal = attributes['json-name'];
  return literal === undefined ? (attributes['name'] ?? name) : (JSON.parse(literal) as string);
}

/** A body without its null members: what the gateway is to tell. */
export function withoutNulls(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(members.map(([member, inner]) => [member, withoutNulls(inner)]));
}
