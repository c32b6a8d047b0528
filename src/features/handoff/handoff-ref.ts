import { Injectable, type PipeTransform } from '@nestjs/common';
import { Config } from '../../platform/config/config.js';
import { Problem } from '../../platform/http/problem.js';

/** Whatever pattern is configured, a reference stays one segment of the path: what `encodeURIComponent` leaves alone. */
export const HANDOFF_REF_CHARACTERS = "^[A-Za-z0-9_.!~*'()-]+$";
const ONE_SEGMENT = new RegExp(HANDOFF_REF_CHARACTERS);

/** Whether a text looks like a handoff reference and can become a segment of a path. */
export function isHandoffRef(text: string, pattern: RegExp): boolean {
  return pattern.test(text) && ONE_SEGMENT.test(text) && !/^\.+$/.test(text);
}

/** Lets a handoff reference through only if it looks like one, before it becomes part of a path. */
@Injectable()
export class HandoffRefPipe implements PipeTransform<string, string> {
  constructor(private readonly config: Config) {}

  transform(handoffRefNo: string): string {
    const { refPattern } = this.config.handoff;
    if (isHandoffRef(handoffRefNo, refPattern)) return handoffRefNo;
    throw new Problem('invalid-id', { detail: `A handoff reference matches ${refPattern.source}.` });
  }
}
