import { ApiProperty, ApiSchema } from '@nestjs/swagger';

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

  /** `missing`: no key of the token issuer could be loaded so far, so nobody can be identified. */
  @ApiProperty({ enum: ['ok', 'missing'] })
  readonly identityKeys!: 'ok' | 'missing';
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
