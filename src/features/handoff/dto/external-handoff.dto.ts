import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsNotEmpty, IsString } from 'class-validator';
import { OptionalOrNull } from '../../../platform/http/optional-or-null.js';

@ApiSchema({ description: 'A handoff to a back-office system, as it is added.' })
export class ExternalHandoffModel {
  /**
   * Number of the application that the handoff belongs to.
   * @example APP0001
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1 })
  readonly applicationNumber!: string;

  /**
   * Handoff reference number. It must look like one in a path.
   * @example HO900
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1 })
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
   * Reference number in the external system.
   * @example EXT-9
   */
  @OptionalOrNull()
  @IsString()
  readonly handoffExtRefNo?: string;

  /**
   * Handoff status. Any text, unless the operator allows certain ones only.
   * @example Pending
   */
  @OptionalOrNull()
  @IsString()
  readonly handoffStatus?: string;

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

  /** Error code of a failed handoff. */
  @OptionalOrNull()
  @IsString()
  readonly errorCode?: string;

  /** Error description. */
  @OptionalOrNull()
  @IsString()
  readonly errorDescription?: string;

  /** Remarks for the handoff. */
  @OptionalOrNull()
  @IsString()
  readonly remarks?: string;

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
