/**
 * The canonical form (RFC 8785) of a parsed JSON value.
 * @throws TypeError for what has none: a lone surrogate, which is no Unicode text.
 */
export function canonical(value: unknown): string {
  if (typeof value === 'string') return quoted(value);
  // RFC 8785 3.2.2.3: numbers as ECMAScript writes them, which is what JSON.stringify does.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  // RFC 8785 3.2.3: by UTF-16 code units, which is how sort() compares without a comparer.
  const members = Object.keys(value)
    .sort()
    .map((name) => `${quoted(name)}:${canonical((value as Record<string, unknown>)[name])}`);
  return `{${members.join(',')}}`;
}

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new TypeError('a lone surrogate has no canonical form');
  return JSON.stringify(text);
}
