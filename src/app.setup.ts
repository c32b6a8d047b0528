import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppModule } from './app.module.js';
import { AuditTrail } from './platform/audit/audit-trail.js';
import { recordParserFault, recordRefusals } from './platform/audit/refusals.js';
import { TokenVerifier } from './platform/auth/token-verifier.js';
import type { Config } from './platform/config/config.js';
import { serveFrontend } from './platform/frontend/frontend-routes.js';
import { BodyPipe } from './platform/http/body.pipe.js';
import { readBodies } from './platform/http/body-parsers.js';
import { CommonHeaders } from './platform/http/common-headers.js';
import { Cors } from './platform/http/cors.js';
import { CrossSiteGuard } from './platform/http/cross-site.js';
import { LoadShedding } from './platform/http/load-shedding.js';
import { MethodTable } from './platform/http/method-table.js';
import { expectAccepted, replyFormat } from './platform/http/negotiation.js';
import { answerOptions } from './platform/http/options.js';
import { answerParserFaults } from './platform/http/parser-faults.js';
import { Problem } from './platform/http/problem.js';
import { ProblemAnswers } from './platform/http/problem-answers.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import {
  refuseAmbiguousRequest,
  refuseBody,
  refuseEncodedBody,
  refuseQuery,
  refuseUnreadableQuery,
} from './platform/http/raw-request-guard.js';
import { RateLimits } from './platform/http/rate-limits.js';
import { endOf, followRequests, type RequestEnd } from './platform/http/request-ends.js';
import { RequestContext, noticeClientsThatLeave } from './platform/http/request-context.js';
import { beginSpans, endSpan } from './platform/http/request-spans.js';
import { seeThroughProxies } from './platform/http/trusted-proxies.js';
import { writeXml } from './platform/http/xml/xml-writer.js';
import { Credentials } from './platform/sessions/credentials.js';
import { SessionPrincipals } from './platform/sessions/session-principals.js';
import { JsonLogger } from './platform/logging/json-logger.js';
import { requestLine } from './platform/logging/request-line.js';
import { Metrics } from './platform/metrics/metrics.js';
import { Documentation } from './platform/openapi/documentation.js';
import { openApiDocument } from './platform/openapi/openapi-document.js';
import { Tracing } from './platform/tracing/tracing.js';

/** Longer than any id; find-my-way answers 414 beyond it. */
const LONGEST_PATH_PARAMETER = 256;
const LARGEST_HEADERS_BYTES = 16_384;
const HEADERS_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;
/** Longer than a balancer keeps one, nginx 60 s: who closes an idle connection first may lose a request on it. */
const IDLE_CONNECTION_MS = 72_000;

/** Builds the whole gateway, ready to listen. Production and tests start nothing else. */
export async function createGateway(config: Config): Promise<NestFastifyApplication> {
  const { publicUrl, corsOrigins, frontend, requestsPerMinute, trustedProxies } = config.server;
  const cors = new Cors(corsOrigins);
  const headers = new CommonHeaders(publicUrl, cors);
  const answers = new ProblemAnswers(publicUrl, headers);
  const logger = new JsonLogger(config.log.level);
  // Before anything is opened, so that a start that fails has told with what.
  logger.log({ message: 'Effective configuration', settings: config.effective }, 'Configuration');
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    adapter(config, answers),
    {
      bodyParser: false,
      abortOnError: false,
      logger,
    },
  );
  const fastify = app.getHttpAdapter().getInstance();
  // Each step refuses as early as it can: the later ones cost more, and only the last one reads a body.
  if (trustedProxies !== undefined) seeThroughProxies(fastify.server, trustedProxies);
  const tracing = app.get(Tracing);
  const tell = tellOf(logger, app.get(Metrics), tracing);
  recordEveryRefusal(fastify, publicUrl, headers, app.get(AuditTrail), tell);
  followClients(fastify);
  stampEveryReply(fastify, headers);
  if (tracing.isOn) beginSpans(fastify, tracing, publicUrl);
  refuseWithoutARoute(fastify, cors);
  const crossSite = new CrossSiteGuard(publicUrl, cors);
  const sessions = config.sessions && app.get(SessionPrincipals);
  refuseBeforeTheBody(
    fastify,
    crossSite,
    new LoadShedding().start(),
    new Credentials(app.get(TokenVerifier), crossSite, sessions, publicUrl),
    new RateLimits(requestsPerMinute),
  );
  readBodies(fastify);
  if (frontend !== undefined) serveFrontend(fastify, frontend);
  app.useGlobalPipes(new BodyPipe());
  app.useGlobalFilters(new ProblemFilter(answers));
  app.get(Documentation).publish(openApiDocument(app, config));
  return app;
}

function adapter(config: Config, answers: ProblemAnswers): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: config.server.bodyLimitBytes,
    requestTimeout: REQUEST_WITHIN_MS,
    keepAliveTimeout: IDLE_CONNECTION_MS,
    // What still comes in while the process stops is answered like anything else.
    return503OnClosing: false,
    http: {
      headersTimeout: HEADERS_WITHIN_MS,
      // A slow client is cut off up to this much later.
      connectionsCheckingInterval: 500,
      maxHeaderSize: LARGEST_HEADERS_BYTES,
      // A missing Host is answered by us, as a problem document.
      requireHostHeader: false,
    },
    routerOptions: { caseSensitive: true, maxParamLength: LONGEST_PATH_PARAMETER },
    // What the router refuses before any hook runs: a malformed URL, an over-long id.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      answers.send(error, request, reply);
    },
  });
}

function recordEveryRefusal(
  fastify: FastifyInstance,
  publicUrl: string,
  headers: CommonHeaders,
  trail: AuditTrail,
  ended: (end: RequestEnd) => void,
): void {
  recordRefusals(fastify.server, trail);
  followRequests(fastify.server, ended);
  // Counted by the raw-request guard instead: Node would drop the lines beyond its limit without a word.
  fastify.server.maxHeadersCount = 0;
  answerParserFaults(fastify.server, publicUrl, headers, (fault) => {
    recordParserFault(fault, trail);
    const end = endOf(fault);
    if (end !== undefined) ended(end);
  });
}

/**
 * One figure more, the end of its span, and one line in the log. Of what was shed only the figure, or an overload
 * would fill the disk, and push the spans of others out of their queue.
 */
function tellOf(logger: JsonLogger, metrics: Metrics, tracing: Tracing): (end: RequestEnd) => void {
  const logged = logger.tellsInfo;
  return (end) => {
    metrics.requestEnded(end, end.context?.route);
    if (end.problem === 'overloaded') return;
    endSpan(end, tracing);
    if (logged) logger.facts(requestLine(end));
  };
}

function followClients(fastify: FastifyInstance): void {
  noticeClientsThatLeave(fastify.server);
  // The first hook that runs after the body was read.
  fastify.addHook('preValidation', (request, _reply, done) => {
    RequestContext.of(request.raw).arrivedAt = Date.now();
    done();
  });
}

function stampEveryReply(fastify: FastifyInstance, headers: CommonHeaders): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { url, config } = request.routeOptions;
    if (!request.is404) RequestContext.of(request.raw).route = config.toldAs ?? url;
    reply.headers(headers.fixed);
    done();
  });
  fastify.addHook('onSend', (request, reply, _payload, done) => {
    reply.headers(headers.of(RequestContext.of(request.raw)));
    done();
  });
}

function refuseWithoutARoute(fastify: FastifyInstance, cors: Cors): void {
  const methods = new MethodTable(fastify, LONGEST_PATH_PARAMETER);
  fastify.addHook('onRequest', (request, reply, done) => {
    refuseAmbiguousRequest(request.raw);
    if (!request.is404) {
      done();
      return;
    }
    // No route has OPTIONS, so that none can forget to state who may use it.
    if (request.method !== 'OPTIONS') throw methods.refusal(request.url);
    answerOptions(request, reply, methods, cors);
  });
}

function refuseBeforeTheBody(
  fastify: FastifyInstance,
  crossSite: CrossSiteGuard,
  load: LoadShedding,
  credentials: Credentials,
  limits: RateLimits,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    const { access, operation, resourceParameter, query, unlimited } = request.routeOptions.config;
    const context = RequestContext.of(request.raw);
    const parameters = request.params as Readonly<Record<string, string>>;
    context.operation = operation ?? null;
    context.resource = (resourceParameter && parameters[resourceParameter]) ?? null;
    crossSite.check(request.raw, access);
    if (access === 'public') {
      if (unlimited !== true) limits.spend(context, reply);
      return;
    }
    load.check();
    try {
      context.principal =
        access === 'visitor' || access === 'leaver'
          ? await credentials.ofSession(request.raw, access)
          : await credentials.required(request.raw);
    } catch (error) {
      // Not while nobody can be identified: that is no fault of whoever asks.
      if (error instanceof Problem && error.code === 'unauthenticated') limits.spend(context, reply);
      throw error;
    }
    limits.spend(context, reply);
    if (query === undefined) refuseQuery(request.url);
    else refuseUnreadableQuery(request.url);
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { xmlRoot, mediaType, body } = request.routeOptions.config;
    if (body !== undefined) refuseEncodedBody(request.raw);
    else refuseBody(request.raw);
    if (mediaType !== undefined) expectAccepted(request.headers.accept, mediaType);
    if (xmlRoot !== undefined && replyFormat(request.headers.accept) === 'xml') {
      void reply
        .type('application/xml; charset=utf-8')
        .serializer((body: unknown) => writeXml(xmlRoot, body));
    }
    done();
  });
}
