import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import type { FailureWording } from './failure-wording.js';
import type { MisbehaviourMode } from './misbehaviour-setting.js';
import type { Reply, UpstreamCall } from './route.js';

/** One call in progress, for a misbehaviour to spoil. */
export interface Exchange {
  /** Does what the call asks for. */
  readonly carryOut: () => Reply;
  readonly send: (reply: Reply) => void;
  readonly response: ServerResponse;
  readonly wording: FailureWording;
  readonly call: UpstreamCall;
  readonly delayMs: number;
}

/** What each mode does with a call. Whether the work is done matters as much as what is answered. */
export const misbehaviours: Readonly<Record<MisbehaviourMode, (exchange: Exchange) => Promise<void> | void>> =
  {
    none: ({ carryOut, send }) => {
      send(carryOut());
    },
    /** Done at once, answered late. */
    slow: async ({ carryOut, send, delayMs }) => {
      const reply = carryOut();
      await pause(delayMs, undefined, { ref: false });
      send(reply);
    },
    /** Done, and yet answered with 500. */
    error: ({ carryOut, send, wording, call }) => {
      carryOut();
      send(wording.internalError(call));
    },
    /** Done, never answered. */
    hang: ({ carryOut }) => {
      carryOut();
    },
    /** Done, then the connection breaks. */
    reset: ({ carryOut, response }) => {
      carryOut();
      response.socket?.resetAndDestroy();
    },
    /** Not done. */
    'failure-in-200': ({ send, wording }) => {
      send(wording.failureInside200());
    },
    /** Not done; answered by an application server's error page. */
    html: ({ response }) => {
      response.writeHead(500, { 'content-type': 'text/html;charset=utf-8' }).end(errorPage);
    },
  };

const errorPage = `<html><head><title>Error 500--Internal Server Error</title></head><body>
<h1>Error 500--Internal Server Error</h1>
<pre>java.lang.NullPointerException
	at com.example.sandbox.WriteResource.update(WriteResource.java:42)
	at javax.servlet.http.HttpServlet.service(HttpServlet.java:790)
	at java.base/java.lang.Thread.run(Thread.java:834)
</pre></body></html>
`;
