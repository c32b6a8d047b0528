import { until } from '../upstream/until.js';
import { ABSENT, type BeforeImage, type WrittenResource } from './read-back.js';
import type { Write } from './write.js';

/**
 * The resource as it is before its write. What cannot be read in half of the time that is left until `deadline`
 * (ms since the epoch) is not held against the write: null.
 */
export async function beforeImage(
  { resource, readBack }: Write<unknown>,
  principal: WrittenResource['principal'],
  deadline: number,
): Promise<BeforeImage> {
  const half = (Date.now() + deadline) / 2;
  const seen = await until(half, readBack.look({ resource, principal }, half));
  if (seen?.kind === 'absent') return ABSENT;
  return seen?.kind === 'seen' ? seen.state : null;
}
