import { SaxesParser } from 'saxes';
import { MOST_DEPTH, MOST_VALUES, decodeUtf8 } from '../body-rules.js';
import { WHOLE_BODY, invalidBody } from '../problem.js';
import { XmlElement, isBlank } from './xml-element.js';

const ATTRIBUTES: ReadonlySet<string> = new Set(['type', 'name']);

/**
 * Reads an XML body (XML 1.0) into elements, strictly: no document type, no entities beyond the five
 * predefined ones, no namespaces, no processing instructions, no mixed content.
 */
export function readXml(bytes: Buffer): XmlElement {
  const text = decodeUtf8(bytes);
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: XmlElement[] = [];
  let root: XmlElement | undefined;
  let elements = 0;

  const refuse = (message: string): never => {
    throw invalidBody('malformed-body', [
      { pointer: WHOLE_BODY, message: `${message} (line ${parser.line}, column ${parser.column})` },
    ]);
  };
  parser.on('error', (error) => refuse(`not well-formed XML: ${error.message.replace(/^\d+:\d+: /, '')}`));
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== undefined && version !== '1.0') refuse('the XML version must be 1.0');
    if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') refuse('the encoding must be UTF-8');
  });
  parser.on('doctype', () => refuse('a document type is not accepted'));
  parser.on('processinginstruction', () => refuse('a processing instruction is not accepted'));
  parser.on('opentag', ({ name, attributes }) => {
    // One more than in JSON, where a scalar is no level of its own. What is deepest here may be one.
    if (open.length > MOST_DEPTH) refuse(`nested deeper than ${MOST_DEPTH} levels`);
    if (++elements > MOST_VALUES) refuse(`more than ${MOST_VALUES} elements`);
    const unknown = Object.keys(attributes).find((attribute) => !ATTRIBUTES.has(attribute));
    if (unknown !== undefined) refuse(`the attribute ${unknown} of <${name}> is not accepted`);
    const element = new XmlElement(name, attributes);
    const parent = open.at(-1);
    parent?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', ({ name }) => {
    const element = open.pop();
    if (element === undefined || element.children.length === 0) return;
    if (!isBlank(element.text)) refuse(`<${name}> has both text and elements`);
    element.text = '';
  });
  const addText = (piece: string): void => {
    const element = open.at(-1);
    if (element !== undefined) element.text += piece;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(text).close();
  return root ?? refuse('the document has no element');
}
