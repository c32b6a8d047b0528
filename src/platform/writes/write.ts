import type { OperationName } from '../http/route-facts.js';
import type { Answer, UpstreamClient, UpstreamRequest } from '../upstream/upstream-client.js';
import type { Reading } from './outcome-table.js';
import type { ReadBack } from './read-back.js';

/** One write to an upstream, as a feature describes it. */
export interface Write<Reply> {
  readonly operation: OperationName;
  /** The id of what is changed, as in the path or else in the body. */
  readonly resource: string;
  readonly upstream: UpstreamClient;
  readonly request: UpstreamRequest;
  /** Turns the body of a complete reply into a type, or says that it cannot. */
  readonly read: (answer: Answer) => Reading<Reply>;
  readonly readBack: ReadBack;
}
