import type { IncomingHttpHeaders } from 'node:http';

import type { Json } from '../json.js';

/** One call as it arrived; `path` is the raw request target, still percent-encoded and with its query. */
export interface UpstreamCall {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A reply before it is written as JSON or XML. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly document?: ReplyDocument;
}

export interface ReplyDocument {
  /** The XML root element. */
  readonly root: string;
  /** The XML element of each entry when the content is a list. */
  readonly entry?: string;
  readonly content: Json;
}

export interface Route {
  readonly method: string;
  /** Matches the raw path without query; its first group, if any, is the resource's id. */
  readonly path: RegExp;
  /** @param id the first group of `path`, percent-decoded (a plus sign stays one), or '' */
  answer(call: UpstreamCall, id: string): Reply;
}

export type RouteMatch =
  | { readonly kind: 'found'; readonly route: Route; readonly id: string }
  | { readonly kind: 'other-method'; readonly allow: string }
  | { readonly kind: 'unknown' };

/** Finds the route of a call; an id with a broken percent-encoding is no known path. */
export function matchRoute(routes: readonly Route[], call: UpstreamCall): RouteMatch {
  const [path = ''] = call.path.split('?');
  const onPath = routes.filter((route) => route.path.test(path));
  const route = onPath.find((candidate) => candidate.method === call.method);
  if (route === undefined) {
    const allow = onPath.map((candidate) => candidate.method).join(', ');
    return allow === '' ? { kind: 'unknown' } : { kind: 'other-method', allow };
  }
  try {
    return { kind: 'found', route, id: decodeURIComponent(route.path.exec(path)?.[1] ?? '') };
  } catch {
    return { kind: 'unknown' };
  }
}
