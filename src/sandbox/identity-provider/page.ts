import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';

const style = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
main { width: min(24rem, 100vw - 2rem); }
label { display: block; margin-top: 1rem; font-weight: 600; }
input { width: 100%; box-sizing: border-box; padding: .5rem; font: inherit; }
button { margin: 1.5rem .5rem 0 0; padding: .5rem 1rem; font: inherit; }
[role=alert] { border-inline-start: .25rem solid #c00; padding-inline-start: .75rem; }
dt { font-weight: 600; }
`;

/** A page of the sandbox's identity provider with the headers to send it under. */
export interface Page {
  readonly headers: Readonly<Record<string, string>>;
  readonly html: string;
}

/**
 * @param main trusted HTML: whatever came from outside has to be escaped before
 * @param formTargets origins that a form on the page may reach, also by redirect, beside the provider itself
 * @param script runs at the end of the page
 */
export function page(
  title: string,
  main: string,
  formTargets: readonly string[] = [],
  script?: string,
): Page {
  const policy = [
    `default-src 'none'`,
    `style-src '${sourceHash(style)}'`,
    ...(script === undefined ? [] : [`script-src '${sourceHash(script)}'`]),
    // Chromium holds the redirects that follow a form's post against this list too.
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${main}
</main>
${script === undefined ? '' : `<script>${script}</script>`}
</body>
</html>
`,
  };
}

/** By which a policy allows one inline style or script (CSP Level 3, section 2.3.1). */
function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Answers with a page where the library is in charge of the response. */
export function show(ctx: KoaContextWithOIDC, { headers, html }: Page): void {
  ctx.set(headers);
  ctx.body = html;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
