import { Controller, Delete, Get, HttpCode, Param } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import { Asked } from '../http/query.js';
import { Context, type RequestContext } from '../http/request-context.js';
import { AuditedOperation, RequireScopes } from '../http/route-facts.js';
import { Answers, AnswersNothing } from '../openapi/answers.js';
import { SessionEndQuery, SessionsQuery } from './dto/session-queries.dto.js';
import { SessionList } from './dto/session.dto.js';
import { SESSION_NAME, SessionNamePipe } from './session-name.js';
import { END_PROBLEMS, SESSIONS, SESSIONS_PROBLEMS } from './sessions.examples.js';
import { SessionsDesk } from './sessions-desk.js';

/** The sessions of everybody, for those who may end them. Looking at them is itself recorded. */
@ApiTags('Browser sessions')
@Controller('auth/sessions')
export class SessionsController {
  constructor(private readonly desk: SessionsDesk) {}

  /**
   * List the sessions
   * @remarks Those that have not ended, newest first.
   */
  @Get()
  @RequireScopes('sessions:manage')
  @Answers({
    status: 200,
    type: SessionList,
    description: 'A page of sessions.',
    example: SESSIONS,
    problems: SESSIONS_PROBLEMS,
  })
  list(@Asked() query: SessionsQuery, @Context() context: RequestContext): Promise<SessionList> {
    return this.desk.list(query, context);
  }

  /**
   * End a session
   * @remarks At once, on every replica. Whoever has it is signed out with the next request; the reason is recorded.
   */
  @Delete(':id')
  @HttpCode(204)
  @RequireScopes('sessions:manage')
  @AuditedOperation('session.end', 'id')
  @ApiParam(SESSION_NAME)
  @AnswersNothing({ status: 204, description: 'It has ended.', problems: END_PROBLEMS })
  end(
    @Param('id', SessionNamePipe) name: string,
    @Asked() { reason }: SessionEndQuery,
    @Context() context: RequestContext,
  ): Promise<void> {
    return this.desk.end(name, reason, context);
  }
}
