import type { Json } from '../json.js';
import type { ReplyDocument } from './route.js';

/** Writes a reply as XML: an element for each member, none for null, a list as repeated elements. */
export function writeXml({ root, entry = 'item', content }: ReplyDocument): string {
  const body = Array.isArray(content) ? element(root, { [entry]: content }) : element(root, content);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}\n`;
}

function element(name: string, value: Json): string {
  if (value === null) {
    return '';
  }
  if (Array.isArray(value)) {
    return value.map((each: Json) => element(name, each)).join('');
  }
  const inside =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([member, content]: [string, Json]) => element(member, content))
          .join('')
      : escape(String(value));
  return `<${elementName(name)}>${inside}</${elementName(name)}>`;
}

/** Extension members can have any name in JSON; what XML does not allow in a name becomes an underscore. */
function elementName(member: string): string {
  return member.replace(/[^\p{L}\p{N}_.-]/gu, '_').replace(/^(?=[^\p{L}_])/u, '_');
}

function escape(text: string): string {
  return (
    text
      // XML 1.0 section 2.2: most control characters cannot appear, not even as references.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
  );
}
