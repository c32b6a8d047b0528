import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

const UUID_EXAMPLE = '01937a2e-5f51-7a6b-8c9d-1e2f3a4b5c6d';

@ApiSchema({ name: 'SessionState', description: 'Who is signed in, what they may do, and until when.' })
export class SessionState {
  /** Whether anybody is. If nobody is, there is only `loginUrl` beside it. */
  @ApiProperty()
  readonly authenticated!: boolean;

  /** Where a browser signs in: a page goes there, it does not fetch it. */
  @ApiPropertyOptional({ format: 'uri', example: 'https://gateway.example/auth/login' })
  readonly loginUrl?: string;

  /** The public name of the session, as records tell it. */
  @ApiPropertyOptional({ format: 'uuid', example: UUID_EXAMPLE })
  readonly session?: string;

  /** Who. */
  @ApiPropertyOptional({ example: 'clerk' })
  readonly subject?: string;

  /** What their access token is for. */
  @ApiPropertyOptional({ type: [String], example: ['deferred-actions:read', 'deferred-actions:write'] })
  readonly scopes?: readonly string[];

  /** The audited operations that these scopes open. */
  @ApiPropertyOptional({ type: [String], example: ['deferred-action.list', 'deferred-action.modify'] })
  readonly operations?: readonly string[];

  /** When they signed in. */
  @ApiPropertyOptional({ format: 'date-time' })
  readonly startedAt?: string;

  /** When the session ends unless it is used. Asking this does not count as use. */
  @ApiPropertyOptional({ format: 'date-time' })
  readonly idleEndsAt?: string;

  /** When it ends in any case. */
  @ApiPropertyOptional({ format: 'date-time' })
  readonly endsAt?: string;
}

@ApiSchema({ name: 'SignedOut', description: 'The session has ended.' })
export class SignedOut {
  /** Where the page has to go, as a navigation: there the identity provider is signed out of, too. */
  @ApiProperty({ format: 'uri-reference', example: '/auth/logout?hint=k3VqN8wTz1xY' })
  readonly next!: string;
}

@ApiSchema({ name: 'Session', description: 'A session that somebody has now.' })
export class SessionDto {
  /** Its public name. Not what the cookie holds. */
  @ApiProperty({ format: 'uuid', example: UUID_EXAMPLE })
  readonly session!: string;

  /** Whose it is. */
  @ApiProperty({ example: 'clerk' })
  readonly subject!: string;

  /** When it began. */
  @ApiProperty({ format: 'date-time' })
  readonly startedAt!: string;

  /** When it was last used, to within a minute. */
  @ApiProperty({ format: 'date-time' })
  readonly seenAt!: string;

  /** When it ends unless it is used. */
  @ApiProperty({ format: 'date-time' })
  readonly idleEndsAt!: string;

  /** When it ends in any case. */
  @ApiProperty({ format: 'date-time' })
  readonly endsAt!: string;

  /** Where it was begun. */
  @ApiProperty({ type: String, nullable: true, example: '10.1.2.3' })
  readonly address!: string | null;

  /** The browser it was begun with, in its own words. */
  @ApiProperty({ type: String, nullable: true, example: 'Mozilla/5.0 (X11; Linux x86_64)' })
  readonly userAgent!: string | null;
}

@ApiSchema({ name: 'SessionList', description: 'A page of the sessions there are, newest first.' })
export class SessionList {
  /** The sessions of this page. */
  @ApiProperty({ type: [SessionDto] })
  readonly items!: readonly SessionDto[];

  /** The `cursor` of the next page; null on the last one. */
  @ApiProperty({ type: String, nullable: true })
  readonly next!: string | null;
}
