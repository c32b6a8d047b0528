import { readBody, UnreadableBody } from './media.js';
import { UnknownMisbehaviour, type MisbehaviourSwitch } from './misbehaviour-setting.js';
import type { ReceivedCalls } from './received-calls.js';
import type { Reply, Route, UpstreamCall } from './route.js';
import type { Json } from '../json.js';

/** The routes by which a person, or a test, steers an upstream and looks into it. */
export function sandboxControls(misbehaviour: MisbehaviourSwitch, calls: ReceivedCalls): readonly Route[] {
  return [
    {
      method: 'GET',
      path: /^\/sandbox\/misbehaviour$/,
      answer: () => ok('misbehaviour', misbehaviour.current),
    },
    {
      method: 'PUT',
      path: /^\/sandbox\/misbehaviour$/,
      answer: (call) => setMisbehaviour(misbehaviour, call),
    },
    {
      method: 'GET',
      path: /^\/sandbox\/calls$/,
      answer: () => ok('calls', calls.list()),
    },
  ];
}

function setMisbehaviour(misbehaviour: MisbehaviourSwitch, call: UpstreamCall): Reply {
  try {
    misbehaviour.set(readBody(call));
    return ok('misbehaviour', misbehaviour.current);
  } catch (error) {
    if (error instanceof UnreadableBody || error instanceof UnknownMisbehaviour) {
      return { status: 400, document: { root: 'error', content: { error: error.message } } };
    }
    throw error;
  }
}

function ok(root: string, content: Json): Reply {
  return { status: 200, document: { root, entry: 'entry', content } };
}
