import { readFileSync } from 'node:fs';
import { asText } from './as-text.js';
import { Expected, type Setting } from './setting.js';
import { SETTINGS } from './settings.js';

type Settings = typeof SETTINGS;

/** The value of every setting, by its name. */
export type Values = {
  readonly [Name in keyof Settings]: Settings[Name] extends Setting<infer T> ? T : never;
};

/**
 * The text of every setting, by its name, as it was given or by default; null if there is none. Of a secret only
 * whether it is set, so that all of this may be shown to whoever reads a log.
 */
export type EffectiveSettings = Readonly<Record<string, string | null>>;

/** What is wrong with a setting, by its name: one problem each. */
export type Problems = ReadonlyMap<string, string>;

/** All that is wrong with a configuration, in one message. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';

  constructor(problems: Problems) {
    const lines = [...problems].map(([name, problem]) => `  - ${name} ${problem}`);
    super(`The configuration has ${problems.size} problem(s):\n${lines.join('\n')}`);
  }
}

/**
 * Reads every setting from the environment. Collects what is wrong instead of stopping at the first fault.
 * An empty variable counts as not set. A value is never shown, since it may be a secret in the wrong place.
 * The value of a setting with a problem is undefined.
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): {
  values: Values;
  effective: EffectiveSettings;
  problems: Problems;
} {
  const problems = new Map<string, string>();
  const effective: Record<string, string | null> = {};
  const read = ([name, setting]: [string, Setting<unknown>]): [string, unknown] => {
    try {
      const text = textOf(name, setting, environment);
      effective[name] = shown(setting, text);
      if (text !== undefined) return [name, setting.read(text)];
      if ('fallback' in setting) return [name, setting.fallback];
      problems.set(name, `is required: ${setting.about}`);
    } catch (error) {
      if (!(error instanceof Expected)) throw error;
      problems.set(name, `must be ${error.message}`);
    }
    return [name, undefined];
  };
  // The rows of SETTINGS give each name its type; whoever takes `values` looks at `problems` first.
  const values = Object.fromEntries(Object.entries<Setting<unknown>>(SETTINGS).map(read)) as Values;
  return { values, effective, problems };
}

function shown(setting: Setting<unknown>, text: string | undefined): string | null {
  if (setting.secret === true) return text === undefined ? 'not set' : 'set';
  return text ?? (asText(setting.fallback) || null);
}

function textOf(name: string, setting: Setting<unknown>, environment: NodeJS.ProcessEnv): string | undefined {
  const direct = environment[name];
  const path = setting.secret === true ? environment[`${name}_FILE`] : undefined;
  if (path === undefined || path === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') throw new Expected(`given once: as ${name} or as ${name}_FILE`);
  const content = contentOf(path);
  if (content === undefined || content === '')
    throw new Expected(`in a readable file that is not empty (${name}_FILE)`);
  return content;
}

/** The text of a file without the line break that editors leave at its end; nothing if it cannot be read. */
function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch {
    return undefined;
  }
}
