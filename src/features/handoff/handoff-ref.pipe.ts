import { Injectable, type PipeTransform } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';

/** Whatever pattern is configured, a reference stays one segment of the path: what `encodeURIComponent` leaves alone. */
export const HANDOFF_REF_CHARACTERS = "^[A-Za-z0-9_.!~*'()-]+$";
const ONE_SEGMENT = new RegExp(HANDOFF_REF_CHARACTERS);

/** Lets a handoff reference through only if it looks like one, before it becomes part of a path. */
@Injectable()
export class HandoffRefPipe implements PipeTransform<string, string> {
  constructor(private readonly config: Config) {}

  transform(handoffRefNo: string): string {
    const { refPattern } = this.config.handoff;
    if (refPattern.test(handoffRefNo) && ONE_SEGMENT.test(handoffRefNo) && !/^\.+$/.test(handoffRefNo)) {
      return handoffRefNo;
    }
    throw new Problem('invalid-id', { detail: `A handoff reference matches ${refPattern.source}.` });
  }
}
