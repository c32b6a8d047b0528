import { Problem } from '../http/problem.js';

/** Waits for a search of the store. A store that cannot be searched is told as such, not as a fault of ours. */
export async function found<T>(search: Promise<T>): Promise<T> {
  try {
    return await search;
  } catch (error) {
    throw new Problem(
      'audit-unavailable',
      { detail: 'The audit trail cannot be read now.' },
      { cause: error },
    );
  }
}
