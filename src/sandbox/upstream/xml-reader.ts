import { SaxesParser } from 'saxes';

interface OpenElement {
  readonly name: string;
  readonly members: Map<string, unknown>;
  text: string;
}

/**
 * Reads an XML document as the object its root element stands for: child elements become members, repeated ones
 * lists, elements without children their text. Attributes are ignored, a document type is refused.
 * @throws Error when the text is not well-formed
 */
export function readXml(text: string): unknown {
  const parser = new SaxesParser();
  const open: OpenElement[] = [];
  let document: unknown;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('A document type is not accepted.');
  });
  parser.on('opentag', ({ name }) => {
    open.push({ name: localName(name), members: new Map(), text: '' });
  });
  const onText = (chunk: string): void => {
    const element = open.at(-1);
    if (element !== undefined) {
      element.text += chunk;
    }
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    const closed = open.pop();
    const parent = open.at(-1);
    if (closed === undefined) {
      return;
    }
    if (parent === undefined) {
      document = Object.fromEntries(closed.members);
    } else {
      addMember(parent.members, closed.name, contentOf(closed));
    }
  });
  parser.write(text).close();
  return document;
}

function contentOf({ members, text }: OpenElement): unknown {
  return members.size === 0 ? text.trim() : Object.fromEntries(members);
}

function addMember(members: Map<string, unknown>, name: string, content: unknown): void {
  if (!members.has(name)) {
    members.set(name, content);
    return;
  }
  const earlier = members.get(name);
  members.set(name, Array.isArray(earlier) ? [...(earlier as unknown[]), content] : [earlier, content]);
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
