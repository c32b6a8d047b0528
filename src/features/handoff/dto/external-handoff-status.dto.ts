import { IsNotEmpty, IsOptional, IsString } from 'class-validator';

/** How a handoff to a back-office system ended. Fields that are left out stay as they are. */
export class ExternalHandoffStatusModel {
  /**
   * Handoff reference number. Must equal the one in the path.
   * @example HO123
   */
  @IsString()
  @IsNotEmpty()
  readonly handoffRefNumber!: string;

  /**
   * Handoff status. Any text, unless the operator allows certain ones only.
   * @example SUCCESS
   */
  @IsOptional()
  @IsString()
  readonly handoffStatus?: string | null;

  /**
   * Reference number in the external system.
   * @example EXT-9
   */
  @IsOptional()
  @IsString()
  readonly handoffExtRefNo?: string | null;

  /** Error code of a failed handoff. */
  @IsOptional()
  @IsString()
  readonly errorCode?: string | null;

  /** Error description. */
  @IsOptional()
  @IsString()
  readonly errorDescription?: string | null;

  /** Remarks for the handoff. */
  @IsOptional()
  @IsString()
  readonly remarks?: string | null;
}
