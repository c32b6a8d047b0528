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

/** What a write is to be sent with. */
export interface Intention {
  readonly key: string;
  /** It was sent with this key before, and may have happened: nobody has said how that ended. */
  readonly wasSent: boolean;
}

/** The key of this very intention, about to be sent: the one it had before, if it is not known how it ended. */
export function keyFor(operation: string, resource: string, body: unknown): Intention {
  const slot = slotOf(operation, resource);
  const content = JSON.stringify(body);
  const kept = JSON.parse(sessionStorage.getItem(slot) ?? 'null') as Kept | null;
  if (kept?.content === content) return { key: kept.key, wasSent: true };
  const key = crypto.randomUUID();
  sessionStorage.setItem(slot, JSON.stringify({ key, content } satisfies Kept));
  return { key, wasSent: false };
}

/** It is known how it ended: to do the same again is another intention. */
export function settled(operation: string, resource: string): void {
  sessionStorage.removeItem(slotOf(operation, resource));
}
