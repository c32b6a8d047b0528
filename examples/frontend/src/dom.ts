type Attribute = string | boolean | ((event: Event) => void) | undefined;
type Child = Node | string | false | undefined;

/** An element with its attributes, listeners (functions, by the event's name) and children. Text is never markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, Attribute>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (typeof value === 'boolean') element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== false && child !== undefined));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A drawing of 16 by 16, of lines and filled shapes. It says nothing by itself: a word stands beside it. */
export function icon(name: string, shapes: readonly Readonly<Record<string, string>>[]): SVGElement {
  const drawing = document.createElementNS(SVG, 'svg');
  const attributes = { viewBox: '0 0 16 16', 'aria-hidden': 'true', class: `icon icon-${name}` };
  for (const [key, value] of Object.entries(attributes)) drawing.setAttribute(key, value);
  for (const { tag = 'path', ...rest } of shapes) {
    const shape = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(rest)) shape.setAttribute(key, value);
    drawing.append(shape);
  }
  return drawing;
}

/** A text that is to be copied rather than read. */
export function code(text: string): HTMLElement {
  return h('code', {}, text);
}

let names = 0;

/** An id that nothing else on the page has. */
export function newId(of: string): string {
  return `${of}-${String(++names)}`;
}
