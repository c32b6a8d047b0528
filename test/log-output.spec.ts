import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Arguments of Node for a process that does this with its logger. */
function logging(statements: string): string[] {
  const logger = new URL('../dist/platform/logging/json-logger.js', import.meta.url).href;
  const script = `import { JsonLogger } from '${logger}'; const logger = new JsonLogger('info'); ${statements}`;
  return ['--input-type=module', '--eval', script];
}

function messagesIn(output: string): unknown[] {
  const lines = output.split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { message: unknown }).message);
}

/** The messages that a process leaves on its standard output, which does this with its logger and then ends so. */
function logged(statements: string): unknown[] {
  return messagesIn(spawnSync(process.execPath, logging(statements), { encoding: 'utf8' }).stdout);
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

  it('do not end the process if their disk is full', () => {
    const full = openSync('/dev/full', 'w');
    const fault = "logger.error('one'); setImmediate(() => { logger.error('two'); process.exitCode = 7; });";
    const { status, stderr } = spawnSync(process.execPath, logging(fault), {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 7, stderr: '' });
  });

  it('go on for a reader that comes back', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'surehand-log-'));
    const fifo = join(directory, 'log');
    execFileSync('mkfifo', [fifo]);
    const many = 'let n = 0; setInterval(() => { logger.log(++n); if (n === 30) process.exit(0); }, 50);';
    // The shell opens it, so that the process begins with its first reader.
    const writer = spawn('sh', ['-c', 'exec "$0" "$@" > "$LOG"', process.execPath, ...logging(many)], {
      env: { ...process.env, LOG: fifo },
      stdio: 'ignore',
    });
    const ended = once(writer, 'close');
    spawnSync('head', ['-n', '1', fifo]);
    await sleep(300);
    const later = messagesIn(spawnSync('cat', [fifo], { encoding: 'utf8' }).stdout) as number[];
    expect(await ended).toEqual([0, null]);
    expect(later.at(-1)).toBe(30);
    // What was logged while nobody read is there as well.
    expect(later).toEqual(Array.from(later, (_, index) => 31 - later.length + index));
    expect(later.length).toBeGreaterThan(24);
    rmSync(directory, { recursive: true });
  });
});
