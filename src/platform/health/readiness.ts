import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { IssuerKeys } from '../auth/issuer-keys.js';
import { Upstreams } from '../upstream/upstreams.js';
import { Health } from './dto/health.dto.js';

/** A check that is asked for more often answers what it last knew: a probe never waits, nor burdens the store. */
const CHECK_AGAIN_MS = 1_000;

/**
 * Whether this replica is to be given requests: not before it can identify anybody, and not once it stops. A
 * fault that all replicas share, of the store or of an upstream, takes none of them out.
 */
@Injectable()
export class Readiness implements OnApplicationBootstrap {
  private draining = false;
  private auditStore: Health['checks']['auditStore'] = 'ok';
  private checkedAt = -Infinity;

  constructor(
    private readonly trail: AuditTrail,
    private readonly keys: IssuerKeys,
    private readonly upstreams: Upstreams,
  ) {}

  onApplicationBootstrap(): void {
    this.checkBehind();
  }

  /** From now on this replica is not ready; there is no way back. */
  drain(): void {
    this.draining = true;
  }

  /** What is known now; never waits. Looks again behind the answer. */
  check(): Health {
    this.checkBehind();
    return new Health(this.status, {
      auditStore: this.auditStore,
      spool: this.trail.spooled === 0 ? 'ok' : 'waiting',
      identityKeys: this.keys.known ? 'ok' : 'missing',
      upstreams: this.upstreams.states,
    });
  }

  private get status(): Health['status'] {
    if (this.draining) return 'draining';
    return this.keys.known ? 'ready' : 'starting';
  }

  private checkBehind(): void {
    if (performance.now() - this.checkedAt < CHECK_AGAIN_MS || this.draining) return;
    this.checkedAt = performance.now();
    void this.keys.ready();
    void this.trail.answers().then((answers) => {
      this.auditStore = answers ? 'ok' : 'degraded';
    });
  }
}
