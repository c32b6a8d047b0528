import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsNotEmpty, IsString } from 'class-validator';
import { OptionalOrNull } from '../../../platform/http/optional-or-null.js';
import { HANDOFF_REF_CHARACTERS } from '../handoff-ref.js';
import { HandoffStatus } from './handoff-status.dto.js';

@ApiSchema({ description: 'A handoff to a back-office system, as it is added.' })
export class ExternalHandoffModel extends HandoffStatus {
  /**
   * Number of the application that the handoff belongs to.
   * @example APP0001
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1 })
  readonly applicationNumber!: string;

  /**
   * Handoff reference number. It must look like one in a path: letters, digits, `_` and `-`, at most 64, unless the
   * operator has set another pattern.
   * @example HO900
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1, pattern: HANDOFF_REF_CHARACTERS })
  readonly handoffRefNumber!: string;

  /**
   * Branch.
   * @example "000"
   */
  @OptionalOrNull()
  @IsString()
  readonly branchCode?: string;

  /**
   * The external system.
   * @example OBCL
   */
  @OptionalOrNull()
  @IsString()
  readonly handoffExtSystem?: string;

  /**
   * What is handed off: `Collateral` or `Facility`.
   * @example Facility
   */
  @OptionalOrNull()
  @IsString()
  readonly handoffType?: string;

  /**
   * Process code.
   * @example CLORG
   */
  @OptionalOrNull()
  @IsString()
  readonly processCode?: string;

  /**
   * Who requested it.
   * @example MIDOFFICE
   */
  @OptionalOrNull()
  @IsString()
  readonly reqBy?: string;

  /**
   * When it was requested.
   * @example 2021-02-01T09:30:00.000Z
   */
  @OptionalOrNull()
  @IsString()
  readonly reqTs?: string;

  /** Who responded. */
  @OptionalOrNull()
  @IsString()
  readonly resBy?: string;

  /** When the response came. */
  @OptionalOrNull()
  @IsString()
  readonly resTs?: string;

  /** Whether the response is called back. */
  @OptionalOrNull()
  @IsString()
  readonly resCallbackEnabled?: string;

  /**
   * Stage of the process. The lending system spells it with a small `c`.
   * @example HANDOFF
   */
  @OptionalOrNull()
  @IsString()
  readonly stagecode?: string;

  /**
   * Whether a status update moves the process to its next stage.
   * @example Y
   */
  @OptionalOrNull()
  @IsString()
  readonly stageUpdateReqd?: string;
}
