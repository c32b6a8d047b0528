import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';
import { UUID } from '../session-name.js';
import { isReturnTo } from '../return-to.js';

const IsReturnTo = (): PropertyDecorator =>
  ValidateBy({
    name: 'isReturnTo',
    validator: {
      validate: isReturnTo,
      defaultMessage: () =>
        'must be a path of this origin, such as /orders?id=7: one slash first, no backslash',
    },
  });

export class ReturnQuery {
  /** Where the person goes afterwards: a path of the gateway's own origin. */
  @IsOptional()
  @IsReturnTo()
  @IsString()
  @ApiPropertyOptional({ example: '/' })
  readonly returnTo: string = '/';
}

export class LogoutHintQuery {
  /** As the logout gave it. */
  @MaxLength(8_192)
  @IsNotEmpty()
  @IsString()
  readonly hint!: string;
}

export class SessionsQuery {
  /** Only sessions of this subject. */
  @IsOptional()
  @MaxLength(256)
  @IsNotEmpty()
  @IsString()
  @ApiPropertyOptional({ minLength: 1 })
  readonly subject?: string;

  /** Where to go on: the `next` of the page before. */
  @IsOptional()
  @Matches(UUID, { message: 'must be the `next` of an earlier page' })
  @IsString()
  readonly cursor?: string;

  /** The most items of a page. */
  @IsOptional()
  @Max(200)
  @Min(1)
  @IsInt()
  @ApiPropertyOptional({ type: 'integer' })
  readonly limit: number = 50;
}

export class SessionEndQuery {
  /** Why the session has to end: for the audit trail. */
  @MaxLength(500)
  @Matches(/\S/, { message: 'must not be blank' })
  @IsString()
  readonly reason!: string;
}
