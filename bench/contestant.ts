import type { World } from './world.js';

/** A process that is measured, or one that it needs. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  /** The second of two that are measured has a core of its own, where there are enough. */
  readonly second?: boolean;
  /** Runs beside the load generator and counts for nothing, as the balancer before two replicas does. */
  readonly beside?: boolean;
}

/** The write that is sent over and over: a PUT to this path, with the number of an object at its end. */
export interface Write {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const CONNECTIONS = 32;

/** One way to put something between the clients and the upstream. */
export interface Contestant {
  readonly name: string;
  /** How many clients call at once, each a connection; 32 unless given. */
  readonly connections?: number;
  /** What PostgreSQL computes is for it, too. */
  readonly usesDatabase?: boolean;
  /** What is started so that it listens on `world.port`, in front of `world.upstream`. */
  readonly commands: (world: World) => Command[] | Promise<Command[]>;
  /** The write as it wants it. Asked once it listens, so that somebody can sign in. */
  readonly write: (world: World) => Write | Promise<Write>;
}

/** What is compared: one table, or one line of a chart. */
export interface Group {
  readonly title: string;
  readonly contestants: readonly Contestant[];
}
