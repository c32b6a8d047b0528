import { spawnSync } from 'node:child_process';

/** The messages that a process leaves on its standard output, which does this with its logger and then ends so. */
function logged(statements: string): unknown[] {
  const logger = new URL('../dist/platform/logging/json-logger.js', import.meta.url).href;
  const script = `import { JsonLogger } from '${logger}'; const logger = new JsonLogger('info'); ${statements}`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
  });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { message: unknown }).message);
}

describe('the lines of the log', () => {
  it.each([
    ['ends by itself', ''],
    ['exits at once', 'process.exit(1);'],
    ['dies of a fault', "throw new Error('a fault');"],
  ])('are all there of a process that %s', (_how, end) => {
    expect(logged(`logger.log('one'); logger.warn('two'); ${end}`)).toEqual(['one', 'two']);
  });

  it('are there up to the last error of a process that is killed', () => {
    const kill = "process.kill(process.pid, 'SIGKILL');";
    expect(logged(`logger.log('one'); logger.error('two'); ${kill}`)).toEqual(['one', 'two']);
  });

  it('are there of every turn of the event loop that has ended', () => {
    const later = "setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')));";
    expect(logged(`logger.log('one'); logger.log('two'); ${later}`)).toEqual(['one', 'two']);
  });
});
