import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

describe('the map of the folders', () => {
  let map: string;
  beforeAll(() => {
    map = execFileSync(process.execPath, ['scripts/architecture-map.mjs'], { cwd: ROOT, encoding: 'utf8' });
  });

  it.each(['README.md', 'docs/architecture.md'])('in %s is up to date (npm run docs:map)', (document) => {
    const [, shown] = readFileSync(join(ROOT, document), 'utf8').split(/<!-- \/?map -->/);
    expect(shown).toBe(`\n\n\`\`\`text\n${map}\`\`\`\n\n`);
  });
});
