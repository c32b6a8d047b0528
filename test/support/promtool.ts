import { spawnSync } from 'node:child_process';
import { describeWith, installed } from './installed.js';

const EXECUTABLE = installed('PROMTOOL_PATH', [
  '/usr/bin/promtool',
  '/usr/local/bin/promtool',
  '/opt/homebrew/bin/promtool',
]);

/** What promtool said, and with which exit code. */
export interface Verdict {
  readonly code: number | null;
  readonly said: string;
}

/** Tests that need promtool, which comes with Prometheus. */
export function describeWithPromtool(
  name: string,
  tests: (promtool: (args: readonly string[], input?: string) => Verdict) => void,
): void {
  describeWith('promtool', EXECUTABLE, name, (executable) => {
    tests((args, input) => {
      const { status, stdout, stderr } = spawnSync(executable, args, { encoding: 'utf8', input });
      return { code: status, said: stdout + stderr };
    });
  });
}
