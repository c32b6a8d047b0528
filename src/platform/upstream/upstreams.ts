import { Injectable, Module } from '@nestjs/common';
import type { UpstreamState } from './heard-of-upstream.js';
import type { UpstreamGate } from './upstream-gate.js';

/** Every upstream of this gateway, by its name. */
@Injectable()
export class Upstreams {
  private readonly gates = new Map<string, UpstreamGate>();

  add(name: string, gate: UpstreamGate): void {
    this.gates.set(name, gate);
  }

  /** What is known of each; asks none of them. */
  get states(): Record<string, UpstreamState> {
    return Object.fromEntries([...this.gates].map(([name, { state }]) => [name, state]));
  }
}

/** One register for all of them. */
@Module({ providers: [Upstreams], exports: [Upstreams] })
export class UpstreamsModule {}
