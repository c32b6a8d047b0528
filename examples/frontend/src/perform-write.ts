import { gateway, type Problem } from './gateway.js';
import { keyFor, settled } from './intended-write.js';

/** A write that somebody intends. */
export interface IntendedWrite<Body> {
  /** Its name in the trail, such as `deferred-action.modify`. */
  readonly operation: string;
  readonly resource: string;
  readonly body: Body;
  /** Sends it with its key. */
  send(key: string): Promise<{ readonly error?: unknown; readonly response: Response }>;
}

/** How far it got, as far as this page knows. */
export type Performed =
  | { readonly kind: 'applied'; readonly operationId: string | null }
  /** It did not happen, and the problem says why. */
  | { readonly kind: 'refused'; readonly problem: Problem }
  /** This time it did not happen, and the problem says why. An earlier time, with the same key, may have. */
  | { readonly kind: 'refused-now'; readonly problem: Problem }
  /** It may have happened, and the gateway finds out. */
  | { readonly kind: 'undecided'; readonly operationId: string }
  /** No reply came, and the gateway knows of no such write so far. */
  | { readonly kind: 'no-reply' };

/** Sends a write once. What is not known afterwards is never taken for a failure. */
export async function perform<Body>(write: IntendedWrite<Body>): Promise<Performed> {
  const { operation, resource, body } = write;
  const { key, wasSent } = keyFor(operation, resource, body);
  let reply: Awaited<ReturnType<IntendedWrite<Body>['send']>>;
  try {
    reply = await write.send(key);
  } catch {
    // The connection broke: the gateway may have the request all the same. It knows it by its key.
    return await whatBecameOf(key);
  }
  const { response, error } = reply;
  if (response.ok) {
    settled(operation, resource);
    return { kind: 'applied', operationId: response.headers.get('operation-id') };
  }
  const problem = error as Partial<Problem> | undefined;
  if (problem?.code === undefined) return await whatBecameOf(key);
  const undecided = problem.outcome === 'unknown' || problem.outcome === 'pending';
  if (undecided && problem.operationId !== undefined)
    return { kind: 'undecided', operationId: problem.operationId };
  if (undecided) return await whatBecameOf(key);
  // Refused before the gateway had looked for the key: the one sent before stays, or it could happen twice.
  if (wasSent && !isAboutThisWrite(problem)) return { kind: 'refused-now', problem: problem as Problem };
  settled(operation, resource);
  return { kind: 'refused', problem: problem as Problem };
}

/** Whether it tells how the write with our key ended. `resource-busy` names the other one. */
function isAboutThisWrite({ code, operationId }: Partial<Problem>): boolean {
  return operationId !== undefined && code !== 'resource-busy';
}

async function whatBecameOf(key: string): Promise<Performed> {
  const found = await gateway
    .GET('/writes', { params: { query: { idempotencyKey: key } } })
    .catch(() => undefined);
  const operationId = found?.data?.items[0]?.operationId;
  return operationId === undefined ? { kind: 'no-reply' } : { kind: 'undecided', operationId };
}
