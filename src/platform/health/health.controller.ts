import { Controller, Get, HttpStatus, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Unlimited } from '../http/route-facts.js';
import { AnswersProbes } from '../openapi/answers-probes.js';
import { Health, Liveness, type HealthChecks } from './dto/health.dto.js';
import { Readiness } from './readiness.js';

const ALL_WELL: HealthChecks = {
  auditStore: 'ok',
  spool: 'ok',
  identityKeys: 'ok',
  upstreams: { lending: 'ok', billing: 'idle' },
};

/** For whoever starts, stops and balances replicas. Open to everyone; asking is not recorded. */
@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /**
   * Is the process alive?
   * @remarks Answered as long as the process serves at all. Restart it when it does not; nothing else helps.
   */
  @Get('live')
  @Unlimited()
  @AnswersProbes(Liveness, { 200: { description: 'It is.', example: new Liveness() } })
  live(): Liveness {
    return new Liveness();
  }

  /**
   * Is this replica to be given requests?
   * @remarks For balancers, every second or so. `checks` tells more, but only `status` decides.
   */
  @Get('ready')
  @Unlimited()
  @AnswersProbes(Health, {
    200: { description: 'It is.', example: new Health('ready', ALL_WELL) },
    503: {
      description: 'It is not: it starts or stops.',
      example: new Health('draining', ALL_WELL),
    },
  })
  ready(@Res({ passthrough: true }) reply: FastifyReply): Health {
    const health = this.readiness.check();
    if (health.status !== 'ready') void reply.status(HttpStatus.SERVICE_UNAVAILABLE);
    return health;
  }
}
