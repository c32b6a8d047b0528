/** Whether the text is nothing but the white space of XML 1.0 section 2.3; a no-break space is text. */
export function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text);
}

/** One element of a read XML document. It has text or children, never both. */
export class XmlElement {
  readonly children: XmlElement[] = [];
  text = '';

  constructor(
    readonly name: string,
    readonly attributes: Readonly<Record<string, string>>,
  ) {}
}
