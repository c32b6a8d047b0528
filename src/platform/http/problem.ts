import { PROBLEM_TYPES, type ProblemCode } from './problem-types.js';

/** What is known of a write that a problem is about. */
export type ProblemOutcome = 'pending' | 'rejected' | 'not-applied' | 'unknown';

/**
 * Where the fault lies: in the body, a JSON Pointer in URI fragment form (RFC 6901 section 6); in the query, `?`
 * and the parameter's name.
 */
export interface FieldError {
  readonly pointer: string;
  readonly message: string;
}

/** A message of an upstream system, read from its reply and capped in length. */
export interface UpstreamMessage {
  readonly code: string | null;
  readonly severity: string | null;
  readonly text: string | null;
}

export interface UpstreamReport {
  readonly system: string;
  readonly status: number;
  readonly requestId: string | null;
  readonly messages: readonly UpstreamMessage[];
}

export interface ProblemFacts {
  /** Replaces the type's own status where an upstream's status is more precise. */
  readonly status?: number;
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly outcome?: ProblemOutcome;
  /** Replaces the type's own answer to whether the same request may be repeated. */
  readonly retryable?: boolean;
  /** Of another write, if the problem is about that one. */
  readonly operationId?: string;
  readonly upstream?: UpstreamReport;
  /** Where a person signs in. */
  readonly loginUrl?: string;
  /** Response headers that the problem calls for, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The media types of bodies that are read, as the header `Accept` of a 415 lists them. */
export const BODY_TYPES = 'application/json, application/xml';

/** Seconds that a client is asked to wait before it repeats a retryable request. */
const RETRY_AFTER_SECONDS = '5';

/**
 * An error with a stable code. The client sees the code and the facts; the cause is for the log only.
 */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly facts: ProblemFacts = {},
    options?: ErrorOptions,
  ) {
    super(facts.detail ?? PROBLEM_TYPES[code].title, options);
    this.status = facts.status ?? PROBLEM_TYPES[code].status;
    // RFC 9110 10.2.3: Retry-After says how long a 503 is expected to last.
    this.headers =
      this.status === 503 ? { 'retry-after': RETRY_AFTER_SECONDS, ...facts.headers } : (facts.headers ?? {});
  }
}

/** The problem of a body whose media type nobody reads. RFC 9110 section 15.5.16: Accept says which are read. */
export function unsupportedMediaType(detail?: string, options?: ErrorOptions): Problem {
  return new Problem(
    'unsupported-media-type',
    { ...(detail !== undefined && { detail }), headers: { accept: BODY_TYPES } },
    options,
  );
}

/** What leaves a write open. A read that ended so is simply repeated. */
const OPEN_ENDED: ReadonlySet<ProblemCode> = new Set([
  'upstream-error',
  'upstream-bad-response',
  'upstream-timeout',
]);

/** The problem as a call meets it that changes nothing: without an outcome. */
export function asRead({ code, facts: { outcome, ...facts }, cause }: Problem): Problem {
  return new Problem(code, { ...facts, ...(OPEN_ENDED.has(code) && { retryable: true }) }, { cause });
}

/** Points to the body itself. */
export const WHOLE_BODY = '#';

/** A problem of the body, with one entry per fault. */
export function invalidBody(
  code: 'malformed-body' | 'invalid-request',
  errors: readonly FieldError[],
): Problem {
  return invalid(code, errors);
}

/** A problem of the query, with one entry per fault. */
export function invalidQuery(errors: readonly FieldError[]): Problem {
  return invalid('invalid-request', errors);
}

function invalid(code: ProblemCode, errors: readonly FieldError[]): Problem {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  return new Problem(code, {
    errors,
    ...(first && {
      detail: `${first.pointer === WHOLE_BODY ? '' : `${first.pointer} `}${first.message}${more}`,
    }),
  });
}

/** The JSON Pointer, in URI fragment form, of a path of member names and indexes. */
export function pointerTo(path: readonly (string | number)[]): string {
  return `#${path.map((step) => `/${encodeURIComponent(String(step).replaceAll('~', '~0').replaceAll('/', '~1').toWellFormed())}`).join('')}`;
}
