import { Injectable, type PipeTransform } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';

/** Lets a handoff reference through only if it looks like one, before it becomes part of a path. */
@Injectable()
export class HandoffRefPipe implements PipeTransform<string, string> {
  constructor(private readonly config: Config) {}

  transform(handoffRefNo: string): string {
    const { refPattern } = this.config.handoff;
    // Whatever pattern is configured, a reference stays one segment of the path.
    if (
      refPattern.test(handoffRefNo) &&
      encodeURIComponent(handoffRefNo) === handoffRefNo &&
      !/^\.+$/.test(handoffRefNo)
    ) {
      return handoffRefNo;
    }
    throw new Problem('invalid-id', { detail: `A handoff reference matches ${refPattern.source}.` });
  }
}
