import type { SignedIn } from './session.js';

/** What a view is given. */
export interface Visit {
  readonly session: SignedIn;
  /** The parts of the address that the view's pattern leaves open. */
  readonly parameters: readonly string[];
  /** Aborted when the reader goes elsewhere. */
  readonly signal: AbortSignal;
}

export interface View {
  /** Such as `#/writes/:id`. */
  readonly pattern: string;
  readonly title: string;
  show(visit: Visit): HTMLElement;
}

/** The address of a view. */
export function link(pattern: string, ...parameters: string[]): string {
  let next = 0;
  return pattern.replace(/:\w+/g, () => encodeURIComponent(parameters[next++] ?? ''));
}

/** The view at an address and its parameters; undefined if there is none. */
export function viewAt(
  views: readonly View[],
  hash: string,
): { readonly view: View; readonly parameters: string[] } | undefined {
  const parts = (hash === '' || hash === '#' ? '#/' : hash).split('/');
  for (const view of views) {
    const wanted = view.pattern.split('/');
    if (wanted.length !== parts.length) continue;
    if (!wanted.every((part, at) => part.startsWith(':') || part === parts[at])) continue;
    return { view, parameters: parts.filter((_, at) => wanted[at]?.startsWith(':')).map(decoded) };
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
