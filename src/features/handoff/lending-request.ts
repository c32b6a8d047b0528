/** The path of the documented resource, below the base URL. */
export const HANDOFF_PATH = '/clmo-handoff-services/service/v1/externalHandoff';

/** The platform's constant request headers, without those that are not configured. */
export function platformHeaders(
  headers: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
