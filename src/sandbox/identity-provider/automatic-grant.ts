import type { Grant, KoaContextWithOIDC } from 'oidc-provider';

import { personNamed } from './people.js';
import { gatewayResource } from './protected-resource.js';

/**
 * Grants what was requested and what the person may have, without a question: in the sandbox nobody has to consent.
 * The rest counts as refused, so that the provider asks no more about it.
 */
export async function automaticGrant({ oidc }: KoaContextWithOIDC): Promise<Grant | undefined> {
  const accountId = oidc.session?.accountId;
  const clientId = oidc.client?.clientId;
  if (accountId === undefined || clientId === undefined) {
    return undefined;
  }
  const allowed = personNamed(accountId)?.scopes ?? [];
  const requested = [...oidc.requestParamScopes];
  const grant = new oidc.provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(
    gatewayResource,
    requested.filter((scope) => allowed.includes(scope)),
  );
  grant.rejectResourceScope(
    gatewayResource,
    requested.filter((scope) => !allowed.includes(scope)),
  );
  await grant.save();
  return grant;
}
