import { parseArgs } from 'node:util';

const WHAT = ['peers', 'growth', 'page'] as const;

/** What to run, and for how long. */
export interface Options {
  readonly what: (typeof WHAT)[number];
  readonly rounds: number;
  readonly warmUpS: number;
  readonly measureS: number;
  /** Only what has one of these in its name; then nothing is kept. */
  readonly only: readonly string[];
  /** Puts the results into docs/performance.md. */
  readonly page: boolean;
}

export const USAGE = `npm run bench                        Surehand beside what people would use instead
npm run bench -- growth              Surehand with more connections, larger bodies, a longer trail, two replicas
npm run bench -- page                puts the last results into docs/performance.md, and draws its pictures

  --rounds 3 --warm-up 20 --measure 6   how often each one is measured in turn, and for how many seconds
  --only nest --only bearer             only those with this in their name; shown, not kept
  --page                                also does what \`page\` does`;

/** @throws Error that says what is wrong with the command line */
export function readOptions(commandLine: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...commandLine],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      'warm-up': { type: 'string' },
      measure: { type: 'string' },
      only: { type: 'string', multiple: true },
      page: { type: 'boolean' },
    },
  });
  const [word = 'peers', ...more] = positionals;
  const what = WHAT.find((each) => each === word);
  if (what === undefined || more.length > 0) throw new Error(`it measures ${WHAT.join(', ')}`);
  const [given] = Object.keys(values);
  if (what === 'page' && given !== undefined)
    throw new Error(`page measures nothing: it takes no --${given}`);
  const { rounds = '3', 'warm-up': warmUp = '20', measure = '6', only = [], page = false } = values;
  if (only.length > 0 && page) throw new Error('--only keeps nothing that --page could show');
  return {
    what,
    rounds: count('rounds', rounds),
    warmUpS: count('warm-up', warmUp),
    measureS: count('measure', measure),
    only,
    page,
  };
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`--${name} takes a whole number, 1 or more`);
  return Number(text);
}
