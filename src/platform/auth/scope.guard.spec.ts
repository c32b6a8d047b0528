import { Controller, Get } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { CommonHeaders } from '../http/common-headers.js';
import { Cors } from '../http/cors.js';
import { ProblemAnswers } from '../http/problem-answers.js';
import { ProblemFilter } from '../http/problem.filter.js';
import { RequestContext } from '../http/request-context.js';
import { Public, RequireScopes } from '../http/route-facts.js';
import type { Principal } from './principal.js';
import { ScopeGuard } from './scope.guard.js';

@Controller()
class SomeRoutes {
  @Get('forgotten')
  forgotten(): string {
    return 'reached';
  }

  @Get('open')
  @Public()
  open(): string {
    return 'reached';
  }

  @Get('both')
  @RequireScopes('one', 'two')
  both(): string {
    return 'reached';
  }
}

const GATEWAY = 'http://gateway.example';

describe('ScopeGuard', () => {
  let app: NestFastifyApplication;
  let principal: Principal | undefined;
  beforeAll(async () => {
    const module = await Test.createTestingModule({
      controllers: [SomeRoutes],
      providers: [{ provide: APP_GUARD, useClass: ScopeGuard }],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.useGlobalFilters(
      new ProblemFilter(new ProblemAnswers(GATEWAY, new CommonHeaders(GATEWAY, new Cors([])))),
    );
    app
      .getHttpAdapter()
      .getInstance()
      .addHook('onRequest', (request, _reply, done) => {
        RequestContext.of(request.raw).principal = principal;
        done();
      });
    await app.init();
  });
  afterAll(() => app.close());

  it.each([
    ['/open', undefined, 200],
    ['/forgotten', undefined, 403],
    ['/forgotten', ['one', 'two'], 403],
    ['/both', undefined, 403],
    ['/both', [], 403],
    ['/both', ['one'], 403],
    ['/both', ['two', 'three'], 403],
    ['/both', ['two', 'one'], 200],
  ])('answers %s to a caller with the scopes %p: %i', async (url, scopes, status) => {
    principal = scopes && {
      subject: 'clerk',
      client: null,
      method: 'bearer',
      scopes: new Set(scopes),
      claims: {},
    };
    expect((await app.inject({ url })).statusCode).toBe(status);
  });

  it('closes a route that states nothing, and says no more than that', async () => {
    const reply = await app.inject({ url: '/forgotten' });
    expect(reply.headers['www-authenticate']).toBe('Bearer realm="surehand", error="insufficient_scope"');
    expect(reply.json()).toMatchObject({ code: 'forbidden', detail: 'The route is closed.' });
  });
});
