/**
 * Keeps the `Idempotency-Key` of each write that somebody intends, until it is known how it ended: also through a
 * reload, and whoever presses the button twice. The same key never changes anything twice.
 */
interface Kept {
  readonly key: string;
  /** What was to be written: something else is another intention, and gets another key. */
  readonly content: string;
  /** It was sent once without a reply: a later refusal says nothing of that. */
  readonly unanswered?: true;
}

const slotOf = (operation: string, resource: string): string => `intended ${operation} ${resource}`;

/** The key of this very intention: the one it had before, if it is not known how it ended. */
export function keyFor(operation: string, resource: string, body: unknown): string {
  const content = JSON.stringify(body);
  const kept = keptOf(operation, resource);
  if (kept?.content === content) return kept.key;
  const key = crypto.randomUUID();
  keep(operation, resource, { key, content });
  return key;
}

/** It was sent, and no reply came. */
export function wentUnanswered(operation: string, resource: string): void {
  const kept = keptOf(operation, resource);
  if (kept !== null) keep(operation, resource, { ...kept, unanswered: true });
}

/** Whether it was sent before without a reply, so that it may have happened whatever is said now. */
export function isUnanswered(operation: string, resource: string): boolean {
  return keptOf(operation, resource)?.unanswered === true;
}

function keptOf(operation: string, resource: string): Kept | null {
  return JSON.parse(sessionStorage.getItem(slotOf(operation, resource)) ?? 'null') as Kept | null;
}

function keep(operation: string, resource: string, kept: Kept): void {
  sessionStorage.setItem(slotOf(operation, resource), JSON.stringify(kept));
}

/** It is known how it ended: to do the same again is another intention. */
export function settled(operation: string, resource: string): void {
  sessionStorage.removeItem(slotOf(operation, resource));
}
