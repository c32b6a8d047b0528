/** The page around Swagger UI: no inline script or style, so that the content security policy holds. */
export const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Surehand API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css">
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/initializer.js"></script>
  </body>
</html>
`;

/** Starts Swagger UI in the browser. SETTINGS stands for the redirect URL, the public OAuth client and its scopes. */
export const INITIALIZER = `'use strict';
const settings = SETTINGS;
const ui = SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
  oauth2RedirectUrl: settings.redirectUrl,
  presets: [SwaggerUIBundle.presets.apis],
  // With a session instead of a token, the gateway wants to see that a page of its own asks; never both at once.
  requestInterceptor: (request) => {
    if (new URL(request.url, location.href).origin !== location.origin) return request;
    if (request.headers.Authorization === undefined) request.headers['X-Surehand'] = '1';
    else request.credentials = 'omit';
    return request;
  },
});
ui.initOAuth({
  clientId: settings.clientId === null ? '' : settings.clientId,
  scopes: settings.scopes,
  usePkceWithAuthorizationCodeGrant: true,
});
`;
