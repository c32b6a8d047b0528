import { existsSync } from 'node:fs';

/** The first of these files that is there; `variable` of the environment names one that goes before. */
export function installed(variable: string, paths: readonly string[]): string | undefined {
  return [process.env[variable] ?? '', ...paths].find((path) => existsSync(path));
}

/** Tests that need a program which npm does not bring: left out where there is none, except in CI. */
export function describeWith(
  program: string,
  executable: string | undefined,
  name: string,
  tests: (executable: string) => void,
): void {
  if (executable !== undefined) {
    describe(name, () => {
      tests(executable);
    });
    return;
  }
  const missing = process.env['CI'] === 'true' ? it : it.skip;
  missing(`${name}: there is no ${program}`, () => {
    throw new Error(`CI needs ${program}.`);
  });
}
