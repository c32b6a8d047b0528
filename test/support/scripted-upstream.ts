import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as the upstream received it, complete with its body. */
export interface ReceivedCall {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

/** How the upstream behaves once it has received a call: it may answer, hang or break off. */
export type Script = (call: ReceivedCall, response: ServerResponse, request: IncomingMessage) => void;

/** Answers with a JSON body. */
export function json(status: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (_call, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** Answers with bytes as they are. */
export function raw(status: number, body: string, contentType = 'text/html'): Script {
  return (_call, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body);
  };
}

/** Receives the call and never answers. */
export const hang: Script = () => undefined;

/** Receives the call and breaks the connection. */
export const reset: Script = (_call, _response, request) => {
  request.socket.resetAndDestroy();
};

/** Receives the call, and behaves by another script so many ms later. */
export function later(ms: number, script: Script): Script {
  return (...call) => {
    setTimeout(() => {
      script(...call);
    }, ms);
  };
}

/** Takes so many ms over each call, and knows how many it was at work on at once. */
export class Busy {
  most = 0;
  private atWork = 0;

  constructor(
    private readonly ms: number,
    private readonly answer: Script,
  ) {}

  readonly script: Script = (...call) => {
    this.most = Math.max(this.most, ++this.atWork);
    later(this.ms, (...then) => {
      this.atWork--;
      this.answer(...then);
    })(...call);
  };
}

/** An upstream that does what a test tells it to, and can be asked what it received. */
export class ScriptedUpstream {
  readonly calls: ReceivedCall[] = [];
  script: Script = json(200, {});

  private constructor(private readonly server: Server) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.receive(request, response);
    });
  }

  static async start(): Promise<ScriptedUpstream> {
    const server = createServer().listen(0, '127.0.0.1').unref();
    await once(server, 'listening');
    return new ScriptedUpstream(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The one call it received since it was last cleared; throws if there were none or several. */
  get onlyCall(): ReceivedCall {
    const [call, ...more] = this.calls;
    if (call === undefined || more.length > 0)
      throw new Error(`received ${this.calls.length} calls, not one`);
    return call;
  }

  /** Forgets what it received, and from now on behaves by the script. */
  play(script: Script): void {
    this.calls.length = 0;
    this.script = script;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      // Broke off before it was complete: not received.
      return;
    }
    const call = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString(),
    };
    this.calls.push(call);
    this.script(call, response, request);
  }
}
