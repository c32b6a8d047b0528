import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemAnswers } from './problem-answers.js';

/** Whatever is thrown, in a hook, a guard, a pipe or a service, is answered as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly answers: ProblemAnswers) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answers.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}
