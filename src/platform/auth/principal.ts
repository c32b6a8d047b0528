/** Who makes a request, by a verified credential only. */
export interface Principal {
  /** The token's `sub`. */
  readonly subject: string;
  /** The token's `client_id`: the application that acts for the subject. */
  readonly client: string | null;
  readonly method: 'bearer' | 'session';
  /** The public name of the session, if there is one. */
  readonly session?: string;
  readonly scopes: ReadonlySet<string>;
  /** All claims of the verified token. */
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The claim at a path such as `realm_access.roles`; a claim whose very name has dots wins. */
export function claimAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path
    .split('.')
    .reduce<unknown>(
      (value, step) => (isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined),
      claims,
    );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
