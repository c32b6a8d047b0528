// Writes the two pages that list every setting, from the settings themselves. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { asText } from '../dist/platform/config/as-text.js';
import { SETTINGS } from '../dist/platform/config/settings.js';

const settings = Object.entries(SETTINGS).map(([name, setting]) => ({
  name,
  about: setting.about,
  required: !('fallback' in setting),
  secret: setting.secret === true,
  expected: expectation(setting),
  byDefault: asText(setting.fallback),
}));
const required = settings.filter((setting) => setting.required);
const optional = settings.filter((setting) => !setting.required);

/** What the reader says to a value that none takes, except those that take any text: they need no word. */
function expectation({ read }) {
  try {
    read('(');
    return '';
  } catch (error) {
    return error.message;
  }
}

function comment({ name, about, expected, secret }) {
  const more = [expected, secret ? `or ${name}_FILE` : ''].filter((part) => part !== '');
  return [about, ...more].map((line) => `# ${line}\n`).join('');
}

const example = `# Every setting of the gateway. An empty value counts as not set; see docs/configuration.md.
# A gateway can be started with this file: node --env-file=.env dist/main.js

# Required
${required.map((setting) => `\n${comment(setting)}${setting.name}=\n`).join('')}
# Optional: what stands here is the default
${optional.map((setting) => `\n${comment(setting)}#${setting.name}=${setting.byDefault}\n`).join('')}`;

const code = (text) => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``);

const page = `# Configuration

<!-- Written by \`npm run docs:configuration\` from src/platform/config/settings.ts. -->

The gateway is configured by its environment, once, at start. Whatever is wrong or missing is named in one
message, and the process ends with exit code 1. A faulty value is never shown.

\`npm start -- --check-config\` (\`node dist/main.js --check-config\`) reads all of it like a start, and opens neither
a port nor a database. It ends with the same message and exit code 1, or prints the effective configuration as JSON
and ends with 0. A start logs the same once, at level \`info\`: every setting with its default, null without a value;
of a secret only \`set\` or \`not set\`.

- An empty variable counts as not set.
- A secret may be given in a file instead, whose path is in \`NAME_FILE\`. The line break at the end of the file
  does not belong to it. Giving both is an error.
- \`NODE_ENV=production\` refuses to start with \`HANDOFF_AUTH\` or \`BILLING_CARE_AUTH\` set to \`none\`, without
  \`AUDIT_HMAC_KEY\`, and with an issuer or upstream over plain http that is not on loopback.
- One process owns \`DATA_DIR\`; a second one does not start.

\`.env.example\` has all of it to copy.

## Required

| Setting | Meaning | Value |
| --- | --- | --- |
${required.map(({ name, about, expected }) => `| \`${name}\` | ${about} | ${expected} |`).join('\n')}

## Optional

| Setting | Meaning | Value | Default |
| --- | --- | --- | --- |
${optional
  .map(
    ({ name, about, expected, secret, byDefault }) =>
      `| \`${name}\`${secret ? ` or \`${name}_FILE\`` : ''} | ${about} | ${expected} | ${code(byDefault)} |`,
  )
  .join('\n')}
`;

const root = new URL('../', import.meta.url);
const markdown = { ...(await resolveConfig(new URL('docs/configuration.md', root))), parser: 'markdown' };
const pages = { '.env.example': example, 'docs/configuration.md': await format(page, markdown) };
const onlyCheck = process.argv.includes('--check');

for (const [file, content] of Object.entries(pages)) {
  const path = new URL(file, root);
  if (!onlyCheck) {
    writeFileSync(path, content);
  } else if (readFileSync(path, 'utf8') !== content) {
    process.stderr.write(`${file} is not what the settings say: npm run docs:configuration\n`);
    process.exitCode = 1;
  }
}
