import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { IsNotEmpty, IsString } from 'class-validator';
import { HandoffStatus } from './handoff-status.dto.js';

@ApiSchema({
  description:
    'How a handoff to a back-office system ended. Fields that are left out or null stay as they are.',
})
export class ExternalHandoffStatusModel extends HandoffStatus {
  /**
   * Handoff reference number. Must equal the one in the path.
   * @example HO123
   */
  @IsString()
  @IsNotEmpty()
  @ApiProperty({ minLength: 1 })
  readonly handoffRefNumber!: string;
}
