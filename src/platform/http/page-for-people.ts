import type { ProblemDocument } from './problem-document.dto.js';

/** Where a page leads to: at once, or when the person chooses to. */
interface Onward {
  readonly to: string;
  readonly text: string;
  readonly atOnce: boolean;
}

/** A small page for a person who follows a link: no script, no style, nothing to load. */
export function page(title: string, lines: readonly string[], { to, text, atOnce }: Onward): string {
  const refresh = atOnce ? `\n    <meta http-equiv="refresh" content="0; url=${escaped(to)}">` : '';
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">${refresh}
    <title>${escaped(title)}</title>
  </head>
  <body>
    <main>
      <h1>${escaped(title)}</h1>
${lines.map((line) => `      <p>${escaped(line)}</p>\n`).join('')}      <p><a href="${escaped(to)}">${escaped(text)}</a></p>
    </main>
  </body>
</html>
`;
}

/** A problem as a page, for where a browser shows what it gets. */
export function problemPage({ title, detail, requestId }: ProblemDocument): string {
  const lines = [
    ...(detail === undefined ? [] : [detail]),
    `If it goes on, tell the operators this: ${requestId}`,
  ];
  return page(title, lines, { to: '/', text: 'Go to the start page', atOnce: false });
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
