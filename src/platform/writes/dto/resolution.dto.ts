import { ApiSchema } from '@nestjs/swagger';
import { IsIn, IsString, Matches, MaxLength } from 'class-validator';

@ApiSchema({ description: 'What a person found out about a write.' })
export class Resolution {
  /**
   * Whether the write happened.
   * @example applied
   */
  @IsIn(['applied', 'not-applied'])
  @IsString()
  readonly outcome!: 'applied' | 'not-applied';

  /**
   * How that is known.
   * @example Seen in the billing system: the action has the new date.
   */
  @MaxLength(500)
  @Matches(/\S/, { message: 'reason must not be blank' })
  @IsString()
  readonly reason!: string;
}
