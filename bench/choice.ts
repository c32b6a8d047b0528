import type { Contestant, Group } from './contestant.js';

/** A contestant and the title of its group. */
export interface Chosen {
  readonly group: string;
  readonly contestant: Contestant;
}

/**
 * Those that have one of `only` in the title of their group or in their name; without any, all of them.
 * @throws Error that names one of `only` that nobody has
 */
export function choose(groups: readonly Group[], only: readonly string[]): readonly Chosen[] {
  const all = groups.flatMap(({ title, contestants }) =>
    contestants.map((contestant) => ({ group: title, contestant })),
  );
  if (only.length === 0) return all;
  const has = ({ group, contestant }: Chosen, part: string): boolean =>
    `${group} ${contestant.name}`.includes(part);
  const unknown = only.find((part) => !all.some((each) => has(each, part)));
  if (unknown !== undefined) throw new Error(`nothing that is measured has ${unknown} in its name`);
  return all.filter((each) => only.some((part) => has(each, part)));
}
