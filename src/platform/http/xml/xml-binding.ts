import 'reflect-metadata';
import { FORBIDDEN_NAMES, MOST_DEPTH } from '../body-rules.js';
import { invalidBody, pointerTo } from '../problem.js';
import { losesDigits } from '../raw-number.js';
import { declaredTypes, type Declared, type DtoClass } from './declared-types.js';
import { isBlank, type XmlElement } from './xml-element.js';

type Path = readonly string[];
type TextReader = (text: string) => unknown;
type Members = Record<string, unknown>;

const TEXT_READER = Symbol('text-reader');

/** For a property that has several scalar types: which one an element's text stands for. */
export function XmlText(reader: TextReader): PropertyDecorator {
  return (target, property) => {
    Reflect.defineMetadata(TEXT_READER, reader, target, property);
  };
}

// RFC 8259 section 6.
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** What an element with an explicit `type` attribute stands for. */
const BY_TYPE: Readonly<Record<string, (element: XmlElement, path: Path, declared?: Declared) => unknown>> = {
  string: (element, path) => scalar(element, path),
  number: (element, path) =>
    readNumber(scalar(element, path)) ?? refuse(path, 'is not a number that a double holds exactly'),
  boolean: (element, path) => readBoolean(scalar(element, path)) ?? refuse(path, 'must be true or false'),
  null: (element, path) => (scalar(element, path) === '' ? null : refuse(path, 'is null and must be empty')),
  object: (element, path, declared) =>
    members(element, path, typeof declared === 'function' ? declared : undefined),
  array: (element, path) => items(element, path),
};

/**
 * The JSON value that an XML body stands for. A `type` attribute decides; without one the DTO's declared
 * types do; where it declares none, an element with children is an object and any other a string.
 */
export function bindXml(root: XmlElement, dto: DtoClass): unknown {
  if (root.name !== dto.name) refuse([], `the root element must be <${dto.name}>, not <${root.name}>`);
  const { name, type = 'object' } = root.attributes;
  if (name !== undefined || type !== 'object') refuse([], 'the root element is an object and has no name');
  return members(root, [], dto);
}

function members(element: XmlElement, path: Path, dto?: DtoClass): Members {
  refuseDepth(path);
  if (!isBlank(element.text)) refuse(path, 'must have elements, not text');
  const bound: Members = {};
  for (const child of element.children) {
    const name = memberName(child, path);
    const at = [...path, name];
    if (FORBIDDEN_NAMES.has(name)) refuse(at, 'is a name that is not accepted');
    if (Object.hasOwn(bound, name)) refuse(at, 'given twice');
    bound[name] = bind(child, at, dto && { dto, name });
  }
  return bound;
}

/** `<member name="…">` stands for a member whose name is no XML name. */
function memberName(element: XmlElement, path: Path): string {
  const { name } = element.attributes;
  if (name === undefined) return element.name;
  return element.name === 'member'
    ? name
    : refuse(path, `only <member> has a name attribute, not <${element.name}>`);
}

function items(element: XmlElement, path: Path): unknown[] {
  refuseDepth(path);
  if (!isBlank(element.text)) refuse(path, 'must have <item> elements, not text');
  return element.children.map((child, index) => {
    const at = [...path, String(index)];
    if (child.name !== 'item' || 'name' in child.attributes) refuse(at, 'must be an <item> element');
    return bind(child, at);
  });
}

/** Objects and arrays are nested as deep as in JSON; the body itself is the first level. */
function refuseDepth(path: Path): void {
  if (path.length >= MOST_DEPTH) refuse(path, `nested deeper than ${MOST_DEPTH} levels`);
}

function bind(element: XmlElement, path: Path, property?: { dto: DtoClass; name: string }): unknown {
  const declared = property && declaredTypes(property.dto).get(property.name);
  const { type } = element.attributes;
  if (type !== undefined) {
    const read = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
    if (read === undefined) refuse(path, `has an unknown type; known are ${Object.keys(BY_TYPE).join(', ')}`);
    else return read(element, path, declared);
  }
  const readText = property && textReader(property.dto, property.name);
  if (readText !== undefined && element.children.length === 0) return readText(element.text);
  if (typeof declared === 'function') return members(element, path, declared);
  if (declared === 'object' || element.children.length > 0) return members(element, path);
  return scalarOf(element.text, declared);
}

function textReader(dto: DtoClass, property: string): TextReader | undefined {
  return Reflect.getMetadata(TEXT_READER, dto.prototype as object, property) as TextReader | undefined;
}

/** Text that does not fit a declared scalar stays text, so that validation tells what it must be. */
function scalarOf(text: string, declared: Declared | undefined): unknown {
  if (declared === 'number') return readNumber(text) ?? text;
  if (declared === 'boolean') return readBoolean(text) ?? text;
  return text;
}

function scalar(element: XmlElement, path: Path): string {
  return element.children.length === 0 ? element.text : refuse(path, 'must have text, not elements');
}

function readNumber(text: string): number | undefined {
  return JSON_NUMBER.test(text) && !losesDigits(text) ? Number(text) : undefined;
}

function readBoolean(text: string): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined;
}

function refuse(path: Path, message: string): never {
  throw invalidBody('malformed-body', [{ pointer: pointerTo(path), message }]);
}
