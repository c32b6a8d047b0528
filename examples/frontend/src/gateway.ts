import createClient from 'openapi-fetch';
import type { components, paths } from './api.js';

export type Problem = components['schemas']['ProblemDocument'];
export type Write = components['schemas']['Write'];
export type WriteStory = components['schemas']['WriteStory'];
export type DeferredAction = components['schemas']['DeferredAction'];
export type HandoffUpdate = components['schemas']['ExternalHandoffStatusModel'];

// docs/frontend.md shows what follows as it stands here.
/** Calls the gateway as whoever is signed in: the browser adds the cookie, this the proof that a page of ours asks. */
export async function gatewayFetch(request: Request): Promise<Response> {
  request.headers.set('X-Surehand', '1');
  const reply = await fetch(request, { credentials: 'same-origin', redirect: 'error', cache: 'no-store' });
  // Ended, perhaps in another tab. The page keeps what was typed, and offers to sign in again.
  if (reply.status === 401) dispatchEvent(new Event('signed-out'));
  return reply;
}

/** Every path, parameter, body and reply is checked by the compiler. */
export const gateway = createClient<paths>({ baseUrl: location.origin, fetch: gatewayFetch });
// So far.
