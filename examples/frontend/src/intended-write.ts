/**
 * Keeps the `Idempotency-Key` of each write that somebody intends, until it is known how it ended: also through a
 * reload, and whoever presses the button twice. The same key never changes anything twice.
 */
interface Kept {
  readonly key: string;
  /** What was to be written: something else is another intention, and gets another key. */
  readonly content: string;
}

const slotOf = (operation: string, resource: string): string => `intended ${operation} ${resource}`;

/** The key of this very intention: the one it had before, if it is not known how it ended. */
export function keyFor(operation: string, resource: string, body: unknown): string {
  const slot = slotOf(operation, resource);
  const content = JSON.stringify(body);
  const kept = JSON.parse(sessionStorage.getItem(slot) ?? 'null') as Kept | null;
  if (kept?.content === content) return kept.key;
  const key = crypto.randomUUID();
  sessionStorage.setItem(slot, JSON.stringify({ key, content } satisfies Kept));
  return key;
}

/** It is known how it ended: to do the same again is another intention. */
export function settled(operation: string, resource: string): void {
  sessionStorage.removeItem(slotOf(operation, resource));
}
