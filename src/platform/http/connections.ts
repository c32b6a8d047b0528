import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

interface Connection {
  readonly responses: Set<ServerResponse>;
  /** Bytes that had been read when nothing was left to answer: with more, a request is on its way in. */
  idleAt: number;
}

/** The connections of a server, so that it can leave them without losing a request or the end of a reply. */
export class Connections {
  private readonly open = new Map<Socket, Connection>();
  private leaving = false;

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.open.set(socket, { responses: new Set(), idleAt: 0 });
      socket.once('close', () => this.open.delete(socket));
    });
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
      this.follow(request.socket, response);
    });
    // Node's own takes a reply for sent that is still being written, and never closes what was opened ahead of need.
    server.closeIdleConnections = () => {
      this.closeIdle();
    };
  }

  /** Requests that are not answered completely yet. */
  get inFlight(): number {
    return [...this.open.values()].reduce((sum, { responses }) => sum + responses.size, 0);
  }

  /** From now on each reply is the last one on its connection, and says so (RFC 9112 section 9.6). */
  leaveAfterReply(): void {
    this.leaving = true;
    for (const { responses } of this.open.values()) for (const response of responses) leaveAfter(response);
  }

  /** Closes every connection on which nothing is asked or answered. */
  closeIdle(): void {
    for (const [socket, { responses, idleAt }] of this.open) {
      if (responses.size === 0 && socket.bytesRead === idleAt) socket.destroy();
    }
  }

  /** Cuts off whatever is left. */
  cut(): void {
    this.server.closeAllConnections();
    for (const socket of this.open.keys()) socket.destroy();
  }

  private follow(socket: Socket, response: ServerResponse): void {
    const connection = this.open.get(socket);
    if (connection === undefined) return;
    connection.responses.add(response);
    if (this.leaving) leaveAfter(response);
    response.once('close', () => {
      connection.responses.delete(response);
      connection.idleAt = socket.bytesRead;
    });
  }
}

/** Of no effect on a reply whose headers are out: its connection is closed once it is idle. */
function leaveAfter(response: ServerResponse): void {
  response.shouldKeepAlive = false;
}
