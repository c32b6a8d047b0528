import { join } from 'node:path';
import ts from 'typescript';

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
};
/** It exists in the compiler's eyes only, beside the types that it imports. */
const FILE = join(import.meta.dirname, 'resources.ts');

/** A resource as a literal of its type, which is in this module of kubernetes-models. */
export interface Typed {
  readonly module: string;
  readonly kind: string;
  readonly resource: unknown;
}

/** What the compiler says of them: the schemas let members pass that Kubernetes does not know, the types do not. */
export function typeFaults(resources: readonly Typed[]): string[] {
  const text = resources
    .map(
      ({ module, kind, resource }, index) =>
        `import type { I${kind} as T${index} } from 'kubernetes-models/${module}';\n` +
        `export const r${index}: T${index} = ${JSON.stringify(resource)};`,
    )
    .join('\n');
  const disk = ts.createCompilerHost(OPTIONS);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (file) => file === FILE || disk.fileExists(file),
    getSourceFile: (file, target) =>
      file === FILE ? ts.createSourceFile(file, text, target) : disk.getSourceFile(file, target),
  };
  return ts
    .getPreEmitDiagnostics(ts.createProgram([FILE], OPTIONS, host))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
