import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a connection ends that is broken off: `silence` keeps it open, and nothing more passes either way. */
export type End = 'reset' | 'close' | 'silence';

/** Thrown by a fault: ends the connection once everything before it has been passed on. */
export class BrokenOff extends Error {
  override readonly name = 'BrokenOff';

  constructor(readonly by: End) {
    super(`broken off by ${by}`);
  }
}

/** What becomes of the bytes of one direction of one connection. It ends when the sender has said its last. */
export type Fault = (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer>;

export type Direction = 'request' | 'response';

/** What is wrong with a network. A direction that is not named is sound. */
export interface Faults extends Readonly<Partial<Record<Direction, Fault>>> {
  /** Nobody listens: a new connection is refused, and there are no old ones. */
  readonly down?: boolean;
}

/** Chunks that are under way at the same time. */
const MOST_UNDER_WAY = 1_024;

/** Passes everything on as it came. */
export const sound: Fault = (bytes) => bytes;

/** Several faults, the first one nearest to the sender. */
export function together(...faults: readonly Fault[]): Fault {
  return (bytes) => faults.reduce((passed, fault) => fault(passed), bytes);
}

/** Everything arrives so much later, and in its order; the jitter, up to so much more, is the same each time. */
export function late(ms: number, { jitterMs = 0, seed = 1 } = {}): Fault {
  const random = randomFrom(seed);
  return (bytes) =>
    Readable.from(bytes).map(
      async (chunk: Buffer) => {
        await sleep(ms + jitterMs * random());
        return chunk;
      },
      { concurrency: MOST_UNDER_WAY },
    ) as AsyncIterable<Buffer>;
}

/** A narrow line: so many bytes a second, and not more in between. */
export function throttled(bytesPerSecond: number): Fault {
  const atOnce = Math.max(1, Math.ceil(bytesPerSecond / 50));
  return sliced(atOnce, (1_000 * atOnce) / bytesPerSecond);
}

/** Tiny segments, with a pause after each. */
export function sliced(size: number, pauseMs = 0): Fault {
  return async function* (bytes) {
    for await (const chunk of bytes) {
      for (let begin = 0; begin < chunk.length; begin += size) {
        yield chunk.subarray(begin, begin + size);
        if (pauseMs > 0) await sleep(pauseMs);
      }
    }
  };
}

/** The sender's end of the connection arrives so much later. */
export function closedLate(ms: number): Fault {
  return async function* (bytes) {
    yield* bytes;
    await sleep(ms);
  };
}

/** Broken off after exactly so many bytes; after 0, when the first of them comes. */
export function brokenOff(after: number, by: End): Fault {
  return async function* (bytes) {
    let left = after;
    for await (const chunk of bytes) {
      yield chunk.subarray(0, left);
      left -= chunk.length;
      if (left <= 0) throw new BrokenOff(by);
    }
  };
}

/** Broken off as soon as there is a connection, without reading from it. */
export function brokenAtOnce(by: End): Fault {
  return () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new BrokenOff(by)) }) });
}

/** Happens to the first connection on which it can happen; whatever comes after it goes through. */
export function once(fault: Fault): Fault {
  let happened = false;
  return async function* (bytes) {
    try {
      yield* happened ? bytes : fault(bytes);
    } catch (error) {
      happened = true;
      throw error;
    }
  };
}

/** Numbers of at least 0 and below 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
