import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { UPSTREAM_STATES, type UpstreamState } from '../../upstream/heard-of-upstream.js';

@ApiSchema({ description: 'That the process serves.' })
export class Liveness {
  /**
   * Always the same.
   * @example live
   */
  @ApiProperty({ enum: ['live'] })
  readonly status = 'live';
}

@ApiSchema({ description: 'How things stand that a request may need.' })
export class HealthChecks {
  /** `degraded`: the store of the audit trail does not answer just now, so writes are refused. Reads are answered. */
  @ApiProperty({ enum: ['ok', 'degraded'] })
  readonly auditStore!: 'ok' | 'degraded';

  /** `waiting`: outcomes of writes are only on this replica's disk until the store takes them. */
  @ApiProperty({ enum: ['ok', 'waiting'] })
  readonly spool!: 'ok' | 'waiting';

  /** `missing`: no key of the token issuer could be loaded so far, so nobody can be identified. */
  @ApiProperty({ enum: ['ok', 'missing'] })
  readonly identityKeys!: 'ok' | 'missing';

  /**
   * Each upstream by its name, as the calls of clients tell; none is made to find out. `idle`: none has told yet.
   * `failing`: at least half of those of the last 10 s failed, or the last one if there were none.
   * `circuit-open`: calls of one of its operations are refused at the moment.
   */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string', enum: [...UPSTREAM_STATES] } })
  readonly upstreams!: Readonly<Record<string, UpstreamState>>;
}

@ApiSchema({ description: 'Whether this replica is to be given requests.' })
export class Health {
  /**
   * `starting`: the replica knows no key of the token issuer yet. `draining`: it stops; it still answers, but is
   * to be given nothing new.
   */
  @ApiProperty({ enum: ['starting', 'ready', 'draining'] })
  readonly status: 'starting' | 'ready' | 'draining';

  /** For people and alarms. A fault that all replicas share makes none of them unready. */
  @ApiProperty({ type: HealthChecks })
  readonly checks: HealthChecks;

  constructor(status: Health['status'], checks: HealthChecks) {
    this.status = status;
    this.checks = checks;
  }
}
