// Writes the types of a JSON client, from openapi.json. With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const CONTRACT = new URL('../openapi.json', import.meta.url);
const TYPES = new URL('../examples/frontend/src/api.d.ts', import.meta.url);
const HEAD =
  '/** Written by `npm run client` from openapi.json. The contract itself is more complete. */\n\n';

/** Of XML, examples and the headers of replies a JSON client has no use; they would be nine tenths of the file. */
function whatAClientReads(name, value) {
  if (['example', 'examples', 'xml'].includes(name)) return undefined;
  if (name === 'headers') return undefined;
  if (name !== 'content') return value;
  return Object.fromEntries(Object.entries(value).filter(([type]) => !type.endsWith('xml')));
}

const document = JSON.parse(readFileSync(CONTRACT, 'utf8'), whatAClientReads);
const types = HEAD + astToString(await openapiTS(document));
if (!process.argv.includes('--check')) {
  writeFileSync(TYPES, types);
} else if (readFileSync(TYPES, 'utf8') !== types) {
  process.stderr.write('examples/frontend/src/api.d.ts is not what openapi.json says: npm run client\n');
  process.exitCode = 1;
}
