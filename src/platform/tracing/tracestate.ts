const LONGEST = 512;
const MOST_MEMBERS = 32;
// W3C Trace Context, level 1, sections 3.3.1.3.1 and 3.3.1.3.2: a key, perhaps of one tenant, and visible text.
const MEMBER =
  /^([a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13})=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** The members of a header `tracestate`, written anew; undefined if there are none, or any is not well-formed. */
export function readTracestate(header: string): string | undefined {
  if (header.length > LONGEST) return undefined;
  // Section 3.3.1.1: blanks around members, and empty ones, mean nothing.
  const members = header
    .split(',')
    .map((member) => member.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => MEMBER.exec(member)?.[1]));
  const wellFormed = !keys.has(undefined) && keys.size === members.length && members.length <= MOST_MEMBERS;
  return wellFormed && members.length > 0 ? members.join(',') : undefined;
}
