import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormField } from '../http/form-body.js';
import { page } from '../http/page-for-people.js';
import { Asked, RawQuery } from '../http/query.js';
import { Context, type RequestContext } from '../http/request-context.js';
import { AuditedOperation, ForPeople, Left, Public, Unlimited, Visited } from '../http/route-facts.js';
import { Answers, AnswersNothing } from '../openapi/answers.js';
import { TakesForm } from '../openapi/takes-form.js';
import { BackChannelLogout } from './back-channel-logout.js';
import { LogoutHintQuery, ReturnQuery } from './dto/session-queries.dto.js';
import { SessionState, SignedOut } from './dto/session.dto.js';
import { SessionView } from './session-view.js';
import {
  BACK_CHANNEL_PROBLEMS,
  CALLBACK_PROBLEMS,
  LOGIN_PROBLEMS,
  LOGOUT_PROBLEMS,
  ONWARD,
  SIGNED_IN,
  SIGNED_OUT,
  STATE_PROBLEMS,
} from './sessions.examples.js';
import { SignIn } from './sign-in.js';
import { SignOut } from './sign-out.js';

/** Signs browsers in and out. A page navigates to some of these routes, and fetches the others. */
@ApiTags('Browser sessions')
@Controller('auth')
export class AuthController {
  constructor(
    private readonly signIn: SignIn,
    private readonly signOut: SignOut,
    private readonly view: SessionView,
    private readonly backChannel: BackChannelLogout,
  ) {}

  /**
   * Sign in
   * @remarks For a navigation. Leads to the identity provider, and from there back to `returnTo` with a session.
   */
  @Get('login')
  @Public()
  @ForPeople()
  @AnswersNothing({
    open: true,
    status: 302,
    description: 'To the provider.',
    headers: ONWARD,
    problems: LOGIN_PROBLEMS,
  })
  async login(
    @Asked() { returnTo }: ReturnQuery,
    @Req() { headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { to, cookies } = await this.signIn.begin(returnTo, headers);
    await reply.header('set-cookie', cookies).redirect(to, 302);
  }

  /**
   * End of a login
   * @remarks Where the identity provider leads back to. The page goes on by itself: the cookie of a session is
   * never sent on a redirect that began on another site.
   */
  @Get('callback')
  @Public()
  @ForPeople()
  @AnswersNothing({
    open: true,
    status: 200,
    description: 'A page that goes on.',
    problems: CALLBACK_PROBLEMS,
  })
  async callback(
    @RawQuery() query: URLSearchParams,
    @Req() { headers }: FastifyRequest,
    @Context() context: RequestContext,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { to, cookies } = await this.signIn.end(query, headers, context);
    await reply
      .header('set-cookie', cookies)
      .type('text/html; charset=utf-8')
      .send(page('You are signed in', [], { to, text: 'Go on', atOnce: true }));
  }

  /**
   * Who is signed in?
   * @remarks Answered to everybody. With a session's cookie it needs the header `X-Surehand: 1`.
   */
  @Get('session')
  @Visited()
  @Answers({
    open: true,
    status: 200,
    type: SessionState,
    description: 'Who, or that nobody is.',
    example: SIGNED_IN,
    problems: STATE_PROBLEMS,
  })
  session(@Context() { principal }: RequestContext): Promise<SessionState> {
    return this.view.stateOf(principal);
  }

  /**
   * Sign out
   * @remarks Ends the session at once, in every tab and on every replica. The page then navigates to `next`, where
   * the identity provider is signed out of. Answered the same if there is no session any more.
   */
  @Post('logout')
  @HttpCode(200)
  @Left()
  @AuditedOperation('session.log-out')
  @Answers({
    open: true,
    status: 200,
    type: SignedOut,
    description: 'The session has ended.',
    example: SIGNED_OUT,
    problems: LOGOUT_PROBLEMS,
  })
  async logout(
    @Asked() { returnTo }: ReturnQuery,
    @Req() { headers }: FastifyRequest,
    @Context() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SignedOut> {
    const { to, cookies } = await this.signOut.here(returnTo, headers, context);
    void reply.header('set-cookie', cookies);
    return { next: to };
  }

  /**
   * Sign out of the identity provider
   * @remarks For a navigation: the `next` of a logout.
   */
  @Get('logout')
  @Public()
  @ForPeople()
  @AnswersNothing({
    open: true,
    status: 302,
    description: 'To the provider.',
    headers: ONWARD,
    problems: LOGIN_PROBLEMS,
  })
  async logoutAtProvider(@Asked() { hint }: LogoutHintQuery, @Res() reply: FastifyReply): Promise<void> {
    await reply.redirect(await this.signOut.atProvider(hint), 302);
  }

  /**
   * End of a logout
   * @remarks Where the identity provider leads back to.
   */
  @Get('logged-out')
  @Public()
  @ForPeople()
  @AnswersNothing({
    open: true,
    status: 302,
    description: 'To where the logout was to lead.',
    headers: ONWARD,
    problems: [],
  })
  async loggedOut(@RawQuery() query: URLSearchParams, @Res() reply: FastifyReply): Promise<void> {
    await reply.redirect(this.signOut.backTo(query.get('state') ?? ''), 302);
  }

  /**
   * The identity provider ends sessions
   * @remarks OpenID Connect Back-Channel Logout 1.0: the provider sends a logout token.
   */
  @Post('backchannel-logout')
  @HttpCode(200)
  @Unlimited()
  @AuditedOperation('session.back-channel-logout')
  @TakesForm('logout_token')
  @AnswersNothing({
    open: true,
    status: 200,
    description: 'They have ended.',
    problems: BACK_CHANNEL_PROBLEMS,
  })
  async backChannelLogout(
    @FormField('logout_token') token: string,
    @Context() context: RequestContext,
  ): Promise<void> {
    await this.backChannel.receive(token, context);
  }
}
