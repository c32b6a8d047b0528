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
  /** `degraded`: the audit trail takes no entry just now, so writes are refused. Reads are answered. */
  @ApiProperty({ enum: ['ok', 'degraded'] })
  readonly auditStore!: 'ok' | 'degraded';
}

@ApiSchema({ description: 'Whether this replica is to be given requests.' })
export class Health {
  /** `draining`: the replica stops. It still answers, but is to be given nothing new. */
  @ApiProperty({ enum: ['ready', 'draining'] })
  readonly status: 'ready' | 'draining';

  /** For people and alarms: none of them makes a replica unready, since the others share the fault. */
  @ApiProperty({ type: HealthChecks })
  readonly checks: HealthChecks;

  constructor(status: Health['status'], checks: HealthChecks) {
    this.status = status;
    this.checks = checks;
  }
}
