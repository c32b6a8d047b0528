/** The value of a setting as it would be written into the environment; empty if there is none. */
export function asText(value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || value instanceof URL) return String(value);
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (value instanceof RegExp) return value.source;
  if (Array.isArray(value)) return value.map(asText).join(',');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([name, other]) => `${name}=${asText(other)}`)
    .join(',');
}
