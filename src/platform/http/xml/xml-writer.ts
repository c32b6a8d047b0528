import { isCarriedByXml } from '../body-rules.js';
import '../raw-number.js';

// The `Name` production of XML 1.0 section 2.3, in ASCII and without colons.
const XML_NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // A reader would turn these into a line feed or a space (XML 1.0 sections 2.11 and 3.3.3).
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/**
 * Writes a JSON value as an XML document, without loss: whatever is not a string says its JSON type in a
 * `type` attribute, and text that XML cannot carry is written as a JSON string literal (`json-string`).
 */
export function writeXml(root: string, value: unknown, namespace?: string): string {
  const declaration = namespace === undefined ? '' : ` xmlns="${escape(namespace)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, declaration, value, namespace === undefined)}`;
}

/** `typed` is off for documents whose format is not ours, where no `type` attribute belongs. */
function element(name: string, attributes: string, value: unknown, typed: boolean): string {
  const [type, content] = contentOf(value, typed);
  const shown = type === 'string' || (type === 'object' && content !== '') || !typed ? '' : ` type="${type}"`;
  const tag = `${name}${attributes}${shown}`;
  return content === '' ? `<${tag}/>` : `<${tag}>${content}</${name}>`;
}

function contentOf(value: unknown, typed: boolean): [type: string, content: string] {
  switch (typeof value) {
    case 'string':
      return isCarriedByXml(value) ? ['string', escape(value)] : ['json-string', escape(jsonLiteral(value))];
    case 'number':
    case 'boolean':
      return [typeof value, String(value)];
    case 'object':
      if (value === null) return ['null', ''];
      if (JSON.isRawJSON(value)) return ['number', value.rawJSON];
      if (Array.isArray(value)) {
        const item = typed ? 'item' : 'i';
        return ['array', value.map((entry: unknown) => element(item, '', entry, typed)).join('')];
      }
      return [
        'object',
        Object.entries(value)
          .map(([name, entry]) => member(name, entry, typed))
          .join(''),
      ];
    default:
      throw new TypeError(`${typeof value} has no place in a document`);
  }
}

function member(name: string, value: unknown, typed: boolean): string {
  if (value === undefined || (value === null && !typed)) return '';
  if (XML_NAME.test(name)) return element(name, '', value, typed);
  const attribute = isCarriedByXml(name)
    ? `name="${escape(name)}"`
    : `json-name="${escape(jsonLiteral(name))}"`;
  return element('member', ` ${attribute}`, value, typed);
}

function escape(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => ESCAPES[character] ?? character);
}

function jsonLiteral(text: string): string {
  return JSON.stringify(text).replace(
    /[\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16)}`,
  );
}
