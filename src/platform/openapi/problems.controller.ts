import { Controller, Get, Param } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Config } from '../config/config.js';
import { PROBLEM_TYPES } from '../http/problem-types.js';
import { Problem } from '../http/problem.js';
import { Public, StatesFacts } from '../http/route-facts.js';

/** What a problem's `type` resolves to. */
interface PublishedProblem {
  readonly type: string;
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly advice: string;
  readonly retryable: boolean;
}

/** The registry of problem types (RFC 9457 section 4): where every `type` resolves. */
@ApiExcludeController()
@Controller('problems')
export class ProblemsController {
  private readonly published: readonly PublishedProblem[];

  constructor({ server }: Config) {
    this.published = Object.entries(PROBLEM_TYPES).map(([code, { status, title, advice, retryable }]) => ({
      type: `${server.publicUrl}/problems/${code}`,
      code,
      status,
      title,
      advice,
      retryable,
    }));
  }

  @Get()
  @Public()
  @StatesFacts({ xmlRoot: 'Problems' })
  all(): { items: readonly PublishedProblem[]; next: null } {
    return { items: this.published, next: null };
  }

  @Get(':code')
  @Public()
  @StatesFacts({ xmlRoot: 'Problem' })
  one(@Param('code') code: string): PublishedProblem {
    const found = this.published.find((problem) => problem.code === code);
    if (found === undefined) throw new Problem('not-found');
    return found;
  }
}
