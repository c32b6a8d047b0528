import 'reflect-metadata';
import { FORBIDDEN_NAMES, MOST_DEPTH } from '../body-rules.js';
import { invalidBody, pointerTo } from '../problem.js';
import { losesDigits } from '../raw-number.js';
import { isBlank, type XmlElement } from './xml-element.js';

/** A class whose decorated properties say which types a body's members have. */
export type DtoClass = new () => object;

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
const BY_TYPE: Readonly<Record<string, (element: XmlElement, path: Path) => unknown>> = {
  string: (element, path) => scalar(element, path),
  number: (element, path) =>
    readNumber(scalar(element, path)) ?? refuse(path, 'is not a number that a double holds exactly'),
  boolean: (element, path) => readBoolean(scalar(element, path)) ?? refuse(path, 'must be true or false'),
  null: (element, path) => (scalar(element, path) === '' ? null : refuse(path, 'is null and must be empty')),
  object: (element, path) => members(element, path),
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

function bind(element: XmlElement, path: Path, declared?: { dto: DtoClass; name: string }): unknown {
  const { type } = element.attributes;
  if (type !== undefined) {
    const read = Object.hasOwn(BY_TYPE, type) ? BY_TYPE[type] : undefined;
    if (read === undefined) refuse(path, `has an unknown type; known are ${Object.keys(BY_TYPE).join(', ')}`);
    else return read(element, path);
  }
  return declared === undefined ? undeclared(element, path) : byDeclaration(element, path, declared);
}

/** Text that does not fit a declared scalar stays text, so that validation tells what it must be. */
function byDeclaration(
  element: XmlElement,
  path: Path,
  { dto, name }: { dto: DtoClass; name: string },
): unknown {
  const prototype = dto.prototype as object;
  const reader = Reflect.getMetadata(TEXT_READER, prototype, name) as TextReader | undefined;
  const type: unknown = Reflect.getMetadata('design:type', prototype, name);
  if (element.children.length === 0) {
    if (reader !== undefined) return reader(element.text);
    if (type === String) return element.text;
    if (type === Number) return readNumber(element.text) ?? element.text;
    if (type === Boolean) return readBoolean(element.text) ?? element.text;
  }
  if (isDtoClass(type)) return members(element, path, type);
  return type === Object && reader === undefined ? members(element, path) : undeclared(element, path);
}

function undeclared(element: XmlElement, path: Path): unknown {
  return element.children.length > 0 ? members(element, path) : element.text;
}

const BUILT_IN: readonly unknown[] = [String, Number, Boolean, Object, Array];

function isDtoClass(type: unknown): type is DtoClass {
  return typeof type === 'function' && !BUILT_IN.includes(type);
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
