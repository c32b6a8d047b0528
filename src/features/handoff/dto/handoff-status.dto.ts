import { IsString } from 'class-validator';
import { OptionalOrNull } from '../../../platform/http/optional-or-null.js';

/** How a handoff stands: what an update and an addition have in common. */
export abstract class HandoffStatus {
  /**
   * Handoff status. Any text, unless the operator allows certain ones only.
   * @example SUCCESS
   */
  @OptionalOrNull()
  @IsString()
  readonly handoffStatus?: string;

  /**
   * Reference number in the external system.
   * @example EXT-9
   */
  @OptionalOrNull()
  @IsString()
  readonly handoffExtRefNo?: string;

  /**
   * Error code of a failed handoff.
   * @example BO-0042
   */
  @OptionalOrNull()
  @IsString()
  readonly errorCode?: string;

  /**
   * Error description.
   * @example The back office did not know the customer
   */
  @OptionalOrNull()
  @IsString()
  readonly errorDescription?: string;

  /**
   * Remarks for the handoff.
   * @example To be retried by hand
   */
  @OptionalOrNull()
  @IsString()
  readonly remarks?: string;
}
