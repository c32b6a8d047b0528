import type { ProblemCode } from '../http/problem-types.js';
import { Problem, type UpstreamMessage, type UpstreamReport } from '../http/problem.js';
import type { NoToken } from '../upstream/credentials.js';
import type { NotSent } from '../upstream/not-sent.js';
import type { Answer, Exchange, UpstreamSystem } from '../upstream/upstream-client.js';

/** What a feature's reader makes of the body of a complete reply. */
export type Reading<Reply> =
  | { readonly kind: 'success'; readonly reply: Reply }
  /** The body itself says that the call was refused, whatever the HTTP status. `absent`: there is no such record. */
  | {
      readonly kind: 'failure' | 'override' | 'absent';
      readonly messages: readonly UpstreamMessage[];
      readonly requestId?: string | null;
    }
  /** The body does not say how the write ended: only a status that refuses does. */
  | { readonly kind: 'inconclusive'; readonly messages: readonly UpstreamMessage[] };

type FailedOutcome = 'rejected' | 'not-applied' | 'unknown';

/** How a write ended, and what the client is told. */
export type Verdict<Reply> =
  | { readonly outcome: 'applied'; readonly reply: Reply }
  | { readonly outcome: FailedOutcome; readonly problem: Problem };

interface Row {
  readonly code: ProblemCode;
  readonly status?: number;
  readonly detail?: string;
}

/** A complete reply with one of these statuses refuses the write. Any other 4xx is `upstream-rejected`. */
const REFUSALS: Readonly<Record<number, Row>> = {
  400: { code: 'upstream-rejected', status: 400 },
  403: { code: 'upstream-forbidden' },
  404: { code: 'upstream-not-found' },
  // Lending documents 405 as "invalid input".
  405: { code: 'upstream-rejected' },
  429: { code: 'upstream-busy' },
};

/** Without a token nothing can be sent; what was sent with the one before was refused as a whole. */
const NO_TOKEN: Readonly<Record<NoToken['reason'], ProblemCode>> = {
  unavailable: 'upstream-unavailable',
  refused: 'upstream-credentials-refused',
};

/** Why nothing was sent, where that was not the upstream's fault. */
const NOT_SENT: Readonly<Partial<Record<NotSent, ProblemCode>>> = {
  'too-late': 'overloaded',
  'client-gone': 'client-gone',
};

/** The one place that decides how a write ended. */
export function judge<Reply>(
  exchange: Exchange,
  system: UpstreamSystem,
  read: (answer: Answer) => Reading<Reply>,
): Verdict<Reply> {
  switch (exchange.kind) {
    case 'not-sent':
      return ended(
        'not-applied',
        { code: NOT_SENT[exchange.reason] ?? 'upstream-unavailable' },
        exchange.cause,
      );
    case 'no-token':
      return ended(
        'not-applied',
        { code: NO_TOKEN[exchange.reason], detail: `The gateway got no token for ${system.name}.` },
        exchange.cause,
      );
    case 'lost':
      return ended(
        'unknown',
        { code: exchange.reason === 'timeout' ? 'upstream-timeout' : 'upstream-bad-response' },
        exchange.cause,
      );
    case 'answered':
      return judgeAnswer(exchange, system, read(exchange));
  }
}

function judgeAnswer<Reply>(answer: Answer, system: UpstreamSystem, reading: Reading<Reply>): Verdict<Reply> {
  const { status } = answer;
  const tell = (outcome: FailedOutcome, row: Row): Verdict<Reply> => {
    const messages = reading.kind === 'success' ? [] : reading.messages;
    const requestId = ('requestId' in reading ? reading.requestId : null) ?? answer.requestId;
    const cause = new Error(`${system.name} answered ${status}: ${answer.excerpt}`);
    return ended(outcome, row, cause, { system: system.name, status, requestId, messages });
  };
  if (reading.kind === 'failure') return tell('rejected', { code: 'upstream-rejected' });
  if (reading.kind === 'override') return tell('rejected', { code: 'override-required' });
  if (reading.kind === 'absent') return tell('rejected', { code: 'upstream-not-found' });
  if (status >= 200 && status < 300) {
    return reading.kind === 'success'
      ? { outcome: 'applied', reply: reading.reply }
      : tell('unknown', { code: 'upstream-bad-response' });
  }
  if (status === 401) return tell('rejected', { code: system.unauthorized });
  if (status >= 400 && status < 500)
    return tell('rejected', REFUSALS[status] ?? { code: 'upstream-rejected' });
  // A redirect is not followed, and a 5xx may have come after the write.
  return tell('unknown', { code: 'upstream-error' });
}

function ended(
  outcome: FailedOutcome,
  { code, status, detail }: Row,
  cause: Error | undefined,
  upstream?: UpstreamReport,
): { outcome: FailedOutcome; problem: Problem } {
  const problem = new Problem(
    code,
    {
      outcome,
      ...(status !== undefined && { status }),
      ...(detail !== undefined && { detail }),
      ...(upstream !== undefined && { upstream }),
    },
    { cause },
  );
  return { outcome, problem };
}
