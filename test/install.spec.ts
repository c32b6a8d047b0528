import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './support/gateway.js';
import { PRODUCTION, writeSecrets } from './support/deployment.js';

const ROOT = join(import.meta.dirname, '..');
const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly scripts: { readonly start: string };
};
/** Somebody who owns nothing here. Root may write whatever the modes of files say. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

// It fetches all packages from the registry: `npm run test:install` only.
const describeInstall = process.env['SUREHAND_INSTALL'] === undefined ? describe.skip : describe;

describeInstall('a release', () => {
  let directory: string;
  let home: string;
  let settings: Record<string, string>;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'surehand-test-'));
    chmodSync(directory, 0o755);
    execFileSync(process.execPath, ['scripts/release.mjs', directory], { cwd: ROOT });
    execFileSync('tar', ['-xzf', `surehand-${PACKAGE.version}.tgz`], { cwd: directory });
    home = join(directory, `surehand-${PACKAGE.version}`);
    execFileSync('npm', ['ci', '--omit=dev', '--omit=optional', '--ignore-scripts'], { cwd: home });
    execFileSync('chmod', ['-R', 'a-w', home]);
    const own = join(directory, 'own');
    mkdirSync(own);
    settings = {
      ...PRODUCTION,
      ...writeSecrets(own, [
        'HANDOFF_PASSWORD',
        'BILLING_CARE_CLIENT_SECRET',
        'AUDIT_HMAC_KEY',
        'AUDIT_SIGNING_KEY',
      ]),
      DATA_DIR: own,
    };
    if (NOBODY.uid !== undefined) {
      for (const file of [own, ...readdirSync(own).map((name) => join(own, name))])
        chownSync(file, NOBODY.uid, NOBODY.gid);
    }
  });

  afterAll(() => {
    execFileSync('chmod', ['-R', 'u+w', directory]);
    rmSync(directory, { recursive: true });
  });

  it('can be built from what the image copies', () => {
    const build = join(directory, 'build');
    mkdirSync(build);
    const copied = readFileSync(join(ROOT, '.dockerignore'), 'utf8').matchAll(/^!(.*)$/gm);
    for (const [, file = ''] of copied)
      cpSync(join(ROOT, file), join(build, file), { recursive: true, filter: isNoSpec });
    symlinkSync(realpathSync(join(ROOT, 'node_modules')), join(build, 'node_modules'));
    execFileSync('npm', ['run', 'build'], { cwd: build });
    const compiled = (root: string): string[] =>
      readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).sort();
    expect(compiled(build)).toEqual(compiled(ROOT));
  });

  it('is the same archive when it is packed again, whenever its files were written', () => {
    utimesSync(join(ROOT, 'dist/main.js'), 1_000_000_000, 1_000_000_000);
    const again = join(directory, 'again');
    mkdirSync(again);
    execFileSync(process.execPath, ['scripts/release.mjs', again], { cwd: ROOT });
    const archive = `surehand-${PACKAGE.version}.tgz`;
    expect(readFileSync(join(again, archive)).equals(readFileSync(join(directory, archive)))).toBe(true);
  });

  it('brings neither the sandbox, nor tests, nor development packages', () => {
    const files = readdirSync(home);
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'deploy', 'dist', 'docs', 'package-lock.json']),
    );
    expect(files).not.toContain('test');
    expect(readdirSync(join(home, 'dist'))).not.toContain('sandbox');
    const packages = readdirSync(join(home, 'node_modules'));
    expect(packages).toContain('undici');
    for (const name of ['typescript', 'oidc-provider', 'node', 'jest']) expect(packages).not.toContain(name);
  });

  it('checks its configuration, starts for an ordinary user from code that is read-only, and stops with 0', async () => {
    const env = { ...settings, PATH: process.env['PATH'], HOST: '0.0.0.0', PORT: String(await freePort()) };
    // As `npm start`, with the machine's own Node.
    const [, ...commandLine] = PACKAGE.scripts.start.split(' ');
    const check = spawnSync(process.execPath, [...commandLine, '--check-config'], {
      cwd: home,
      env,
      ...NOBODY,
    });
    expect({ code: check.status, stderr: check.stderr.toString() }).toEqual({ code: 0, stderr: '' });

    const before = listed(home);
    const gateway = spawn(process.execPath, commandLine, { cwd: home, env, ...NOBODY });
    const ended = once(gateway, 'exit');
    const output = Promise.all([text(gateway.stdout), text(gateway.stderr)]);
    while (gateway.exitCode === null && !(await answers(`http://127.0.0.1:${env.PORT}/health/live`)))
      await pause(50);
    gateway.kill('SIGTERM');
    await ended;
    const [, stderr] = await output;
    expect({ code: gateway.exitCode, stderr }).toEqual({ code: 0, stderr: '' });
    expect(listed(home)).toBe(before);
  });
});

function isNoSpec(file: string): boolean {
  return !file.endsWith('.spec.ts');
}

function listed(directory: string): string {
  return execFileSync('find', [directory, '-printf', '%p %s %T@\n'], { encoding: 'utf8', maxBuffer: 1e8 });
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
