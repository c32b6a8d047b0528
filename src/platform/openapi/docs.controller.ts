import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Problem } from '../http/problem.js';
import { Public } from '../http/route-facts.js';
import { Documentation, type DocsFile } from './documentation.js';

/** Swagger UI with its own assets, and the document that it shows. */
@ApiExcludeController()
@Controller()
export class DocsController {
  constructor(private readonly documentation: Documentation) {}

  @Get('openapi.json')
  @Public()
  document(): Promise<object> {
    return this.documentation.document();
  }

  @Get('docs')
  @Public()
  async page(@Res() reply: FastifyReply): Promise<void> {
    send(reply, await this.documentation.page());
  }

  @Get('docs/:file')
  @Public()
  asset(@Param('file') file: string, @Res() reply: FastifyReply): void {
    const asset = this.documentation.asset(file);
    if (asset === undefined) throw new Problem('not-found');
    send(reply, asset);
  }
}

function send(reply: FastifyReply, { type, headers, content }: DocsFile): void {
  void reply.headers(headers).type(type).send(content);
}
