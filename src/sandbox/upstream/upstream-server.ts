import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { listen, type RunningServer } from '../running-server.js';
import type { UpstreamAccess } from './access.js';
import type { FailureWording } from './failure-wording.js';
import { UnreadableBody, writeReply } from './media.js';
import { MisbehaviourSwitch } from './misbehaviour-setting.js';
import { misbehaviours } from './misbehaviours.js';
import { ReceivedCalls } from './received-calls.js';
import { matchRoute, type Reply, type Route, type UpstreamCall } from './route.js';
import { sandboxControls } from './sandbox-controls.js';

/** What makes one upstream differ from another. */
export interface Upstream {
  readonly operations: readonly Route[];
  /** Answered without authorization, and never misbehaving. */
  readonly tokenEndpoints: readonly Route[];
  readonly access: UpstreamAccess;
  readonly wording: FailureWording;
}

/**
 * Serves an upstream with the sandbox's switches beside its operations.
 * @throws PortTaken
 */
export function startUpstream(upstream: Upstream, host: string, port: number): Promise<RunningServer> {
  const misbehaviour = new MisbehaviourSwitch();
  const calls = new ReceivedCalls();
  const controls = sandboxControls(misbehaviour, calls);
  const { operations, tokenEndpoints, access, wording } = upstream;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await receive(request);
    const send = (reply: Reply): void => {
      sendReply(response, reply, call);
    };

    const control = matchRoute(controls, call);
    if (control.kind === 'found') {
      send(control.route.answer(call, control.id));
      return;
    }
    calls.add(call);

    const match = matchRoute([...tokenEndpoints, ...operations], call);
    if (match.kind === 'unknown') {
      send(wording.notFound(call));
    } else if (match.kind === 'other-method') {
      send(wording.methodNotAllowed(call, match.allow));
    } else if (tokenEndpoints.includes(match.route)) {
      send(match.route.answer(call, match.id));
    } else if (!access.admits(call.headers.authorization)) {
      send(wording.unauthorized(call));
    } else {
      const { mode, delayMs } = misbehaviour.take(call.method);
      const carryOut = (): Reply => carriedOut(match.route, call, match.id, wording);
      await misbehaviours[mode]({ carryOut, send, response, wording, call, delayMs });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!request.errored) {
        console.error(error);
      }
      response.destroy();
    });
  });
  return listen(server, host, port);
}

async function receive(request: IncomingMessage): Promise<UpstreamCall> {
  const { method = '', url = '', headers } = request;
  return { method, path: url, headers, body: await text(request) };
}

function carriedOut(route: Route, call: UpstreamCall, id: string, wording: FailureWording): Reply {
  try {
    return route.answer(call, id);
  } catch (error) {
    if (error instanceof UnreadableBody) {
      return wording.unreadableBody(error.message);
    }
    throw error;
  }
}

function sendReply(response: ServerResponse, reply: Reply, call: UpstreamCall): void {
  const { headers, text } = writeReply(reply, call.headers.accept);
  response.writeHead(reply.status, headers).end(text);
}
