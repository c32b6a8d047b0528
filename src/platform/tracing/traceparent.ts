/** Where the caller of a request stands in its trace. */
export interface Traceparent {
  /** 32 hex digits, lower case, not all zero. */
  readonly traceId: string;
  /** 16 of them: the caller's own span. */
  readonly spanId: string;
  /** Whether the caller exports its span. */
  readonly sampled: boolean;
}

// W3C Trace Context, level 1, section 3.2: no version ff, no ids of zeros, nothing in upper case.
const WELL_FORMED =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[^,]*)?$/;

/**
 * Reads the header `traceparent`. Undefined if it is not well-formed, which is no fault of the request: section
 * 4.3 has it treated as if it were not there. Node joins repeated headers with a comma, which no version has.
 */
export function readTraceparent(header: string): Traceparent | undefined {
  const [, version, traceId, spanId, flags = '', more] = WELL_FORMED.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  // Section 3.2.4: of a later version the beginning is read; this one ends here.
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
