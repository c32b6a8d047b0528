import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { LinesOfATurn } from './lines-of-a-turn.js';

/**
 * Nest's logger, written as one JSON object a line, so that nothing in a value can forge a line. The lines of one
 * turn of the event loop are written together, since a system call takes longer than to make a line; an error is
 * written at once, with all before it.
 */
export class JsonLogger implements LoggerService {
  private readonly pino: Logger;
  private readonly lines = new LinesOfATurn();

  constructor(level: string) {
    this.pino = pino(
      {
        level,
        base: null,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        serializers: { cause: causeOf },
      },
      this.lines,
    );
  }

  /** Whether what is logged as `info` is written at all. */
  get tellsInfo(): boolean {
    return this.pino.isLevelEnabled('info');
  }

  /** Writes these members as one line. */
  facts(members: object): void {
    this.pino.info(members);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.pino.debug(line(message, rest));
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.pino.info(line(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.pino.warn(line(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.pino.error(line(message, rest));
    this.lines.flush();
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.pino.fatal(line(message, rest));
    this.lines.flush();
  }
}

/** Nest passes the context last, and a stack before it. */
function line(message: unknown, rest: unknown[]): object {
  const context = rest.at(-1);
  const facts = factsOf(message);
  const stack = rest.length > 1 ? { stack: rest[0] } : {};
  return { ...facts, ...stack, ...(typeof context === 'string' && { context }) };
}

function factsOf(message: unknown): object {
  // The members that matter of an error are not enumerable.
  if (message instanceof Error) return { message: message.message, cause: message };
  return typeof message === 'object' && message !== null ? message : { message };
}

const DEEPEST_CAUSE = 5;

/** An error and its causes, innermost last: names, codes, messages and the outermost stack. */
function causeOf(error: unknown, depth = 0): unknown {
  // Libraries hang all sorts of things there, such as the reply of a token endpoint with the tokens in it.
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? { code: error.code } : {};
  // RFC 6749 section 5.2.
  const refusal = 'error' in error && typeof error.error === 'string' ? { error: error.error } : {};
  const cause =
    error.cause !== undefined && depth < DEEPEST_CAUSE ? { cause: causeOf(error.cause, depth + 1) } : {};
  return {
    name: error.name,
    ...code,
    ...refusal,
    message: error.message,
    ...(depth === 0 && { stack: error.stack }),
    ...cause,
  };
}
