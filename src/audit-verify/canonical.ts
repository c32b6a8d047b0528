/**
 * The canonical form (RFC 8785) of a parsed JSON value.
 * @throws TypeError for what has none: a lone surrogate, which is no Unicode text.
 */
export function canonical(value: unknown): string {
  // Nearly every record: nothing to sort, and JSON.stringify escapes a lone surrogate as \ud….
  if (isSorted(value)) {
    const text = JSON.stringify(value);
    if (!text.includes('\\ud')) return text;
  }
  return written(value);
}

function isSorted(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isSorted);
  let last: string | undefined;
  for (const name in value) {
    if (last !== undefined && name < last) return false;
    last = name;
    const member = (value as Record<string, unknown>)[name];
    if (typeof member === 'object' && !isSorted(member)) return false;
  }
  return true;
}

function written(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  // RFC 8785 3.2.2.3: numbers as ECMAScript writes them, which is what JSON.stringify does.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  // RFC 8785 3.2.3: by UTF-16 code units, which is how sort() compares without a comparer.
  const members = Object.keys(value)
    .sort()
    .map((name) => `${quoted(name)}:${written((value as Record<string, unknown>)[name])}`);
  return `{${members.join(',')}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
}
