import { readFileSync } from 'node:fs';
import { Expected, type Setting } from './setting.js';
import { SETTINGS } from './settings.js';

type Settings = typeof SETTINGS;

/** The value of every setting, by its name. */
export type Values = {
  readonly [Name in keyof Settings]: Settings[Name] extends Setting<infer T> ? T : never;
};

/** All that is wrong with a configuration, in one message. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(readonly problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} problem(s):\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
    );
  }
}

/**
 * Reads every setting from the environment. Collects what is wrong instead of stopping at the first fault.
 * An empty variable counts as not set. A value is never shown, since it may be a secret in the wrong place.
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): { values: Values; problems: string[] } {
  const problems: string[] = [];
  const read = ([name, setting]: [string, Setting<unknown>]): [string, unknown] => {
    try {
      const text = textOf(name, setting, environment);
      if (text !== undefined) return [name, setting.read(text)];
      if ('fallback' in setting) return [name, setting.fallback];
      problems.push(`${name} is required: ${setting.about}`);
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      problems.push(`${name} must be ${error.message}`);
    }
    return [name, undefined];
  };
  // The rows of SETTINGS give each name its type; whoever takes `values` looks at `problems` first.
  const values = Object.fromEntries(Object.entries<Setting<unknown>>(SETTINGS).map(read)) as Values;
  return { values, problems };
}

function textOf(name: string, setting: Setting<unknown>, environment: NodeJS.ProcessEnv): string | undefined {
  const direct = environment[name];
  const path = setting.secret === true ? environment[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') throw new Expected(`given once: as ${name} or as ${name}_FILE`);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new Expected(`in a readable file (${name}_FILE)`, { cause: error });
  }
}
