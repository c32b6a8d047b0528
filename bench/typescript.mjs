// Lets Node run the TypeScript of this folder and of test/support as it stands, decorators included. What is measured
// is compiled beforehand (`compile`), so that no compiler sits in its memory.
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';

const OPTIONS = {
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  module: { type: 'es6' },
};

/** Compiles all TypeScript below a folder into another. */
export function compile(from, into) {
  rmSync(into, { recursive: true, force: true });
  for (const file of globSync('**/*.ts', { cwd: from })) {
    const target = join(into, file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, transformFileSync(join(from, file), OPTIONS).code);
  }
}

registerHooks({
  resolve(specifier, context, next) {
    const source = specifier.startsWith('.') && new URL(specifier.replace(/\.js$/, '.ts'), context.parentURL);
    return source && source.href.endsWith('.ts') && existsSync(source)
      ? { url: source.href, format: 'module', shortCircuit: true }
      : next(specifier, context);
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context);
    const { code } = transformFileSync(fileURLToPath(url), { ...OPTIONS, sourceMaps: 'inline' });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
