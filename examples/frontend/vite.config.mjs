import { defineConfig } from 'vite';

/** The gateway that the development server passes calls on to. */
const gateway = process.env.GATEWAY_URL ?? 'http://localhost:3000';
const passedOn = [
  '/auth',
  '/bcws',
  '/clmo-handoff-services',
  '/writes',
  '/docs',
  '/openapi.json',
  '/problems',
];

export default defineConfig({
  root: import.meta.dirname,
  server: {
    port: 5173,
    strictPort: true,
    // The browser sees one origin. The gateway knows the page by its PUBLIC_URL, so that is the origin it is told.
    proxy: Object.fromEntries(
      passedOn.map((path) => [path, { target: gateway, headers: { origin: gateway } }]),
    ),
  },
  build: {
    target: 'es2023',
    // Nothing inline: the policy of the page allows no data: scripts or styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
  },
});
