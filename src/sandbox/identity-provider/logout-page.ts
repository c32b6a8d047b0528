import type { KoaContextWithOIDC } from 'oidc-provider';

import { page, show } from './page.js';

/**
 * Ends the provider's session without a question: whoever comes here has logged out of the gateway a moment ago.
 * OpenID Connect RP-Initiated Logout 1.0 section 2 leaves asking to the provider.
 * @param form the library's form, which has no button
 */
export function showLogout(ctx: KoaContextWithOIDC, form: string): void {
  const target = ctx.oidc.params?.['post_logout_redirect_uri'];
  const main = form.replace(
    '</form>',
    `<input type="hidden" name="logout" value="yes">
<button type="submit">Sign out</button>
</form>`,
  );
  const targets = typeof target === 'string' ? [new URL(target).origin] : [];
  show(ctx, page('Signing out', main, targets, 'document.forms[0].submit();'));
}

/** For whoever came without an address to go back to. */
export function showLoggedOut(ctx: KoaContextWithOIDC): void {
  show(ctx, page('You are signed out', '<p>You may close this page.</p>'));
}
