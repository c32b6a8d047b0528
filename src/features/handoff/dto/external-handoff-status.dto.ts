import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsNotEmpty, IsString } from 'class-validator';
import { OptionalOrNull } from '../../../platform/http/optional-or-null.js';

@ApiSchema({
  description:
    'How a handoff to a back-office system ended. Fields that are left out or null stay as they are.',
})
export class ExternalHandoffStatusModel {
  /**
   * Handoff reference number. Must equal the one in the path.
   * @example HO123
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1 })
  readonly handoffRefNumber!: string;

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
