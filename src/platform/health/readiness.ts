import { Injectable } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { Health } from './dto/health.dto.js';

/** A check that is asked for more often answers what it last knew: a probe never waits, nor burdens the store. */
const CHECK_AGAIN_MS = 1_000;

/** Whether this replica is to be given requests. A fault that all replicas share takes none of them out. */
@Injectable()
export class Readiness {
  private draining = false;
  private auditStore: Health['checks']['auditStore'] = 'ok';
  private checkedAt = -Infinity;

  constructor(private readonly trail: AuditTrail) {}

  /** From now on this replica is not ready; there is no way back. */
  drain(): void {
    this.draining = true;
  }

  /** What is known now. Never waits. */
  get health(): Health {
    this.checkBehind();
    return new Health(this.draining ? 'draining' : 'ready', { auditStore: this.auditStore });
  }

  private checkBehind(): void {
    if (performance.now() - this.checkedAt < CHECK_AGAIN_MS || this.draining) return;
    this.checkedAt = performance.now();
    void this.trail.answers().then((answers) => {
      this.auditStore = answers ? 'ok' : 'degraded';
    });
  }
}
