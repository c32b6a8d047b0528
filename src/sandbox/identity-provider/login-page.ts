import { escapeHtml, page, type Page } from './page.js';
import { people, sharedPassword } from './people.js';

/**
 * The form by which a person signs in.
 * @param clientName who asks for the sign-in
 * @param redirectOrigin the origin of the client, to which the sign-in finally leads
 * @param failedUsername the user name of a refused attempt
 */
export function loginPage(clientName: string, redirectOrigin: string, failedUsername?: string): Page {
  const failed = failedUsername !== undefined;
  const alert = failed ? '<p role="alert" id="failure">The user name or the password is wrong.</p>' : '';
  const about = failed ? ' aria-invalid="true" aria-describedby="failure"' : '';
  const accounts = people.map(({ username, mayDo }) => `<dt>${username}</dt><dd>${mayDo}</dd>`).join('\n');
  return page(
    'Sign in to the sandbox',
    `<p>${escapeHtml(clientName)} asks you to sign in.</p>
${alert}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" value="${escapeHtml(failedUsername ?? '')}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus${about}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${about}>
<button type="submit">Sign in</button>
<button type="submit" name="cancel" value="yes" formnovalidate>Cancel</button>
</form>
<h2>Who is here</h2>
<p>The password of everybody is <code>${sharedPassword}</code>.</p>
<dl>
${accounts}
</dl>`,
    [redirectOrigin],
  );
}
