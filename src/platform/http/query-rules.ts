import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, ValidateBy } from 'class-validator';
import { isCursor } from './page.js';

// RFC 3339 section 5.6, upper case; PostgreSQL and JavaScript know no leap second.
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

/**
 * A query turns `+` into a space. Where a value can have no space, who wrote an id or a time as it is meant
 * the `+`.
 */
export const PlusKept = (): PropertyDecorator =>
  Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' ? value.replaceAll(' ', '+') : value,
  );

/** The property is a moment: an RFC 3339 date-time. The DTO holds it as UTC with milliseconds, as records do. */
export const IsMoment = (): PropertyDecorator =>
  applyDecorators(
    ApiPropertyOptional({ type: 'string', format: 'date-time', example: '2026-02-14T09:30:00+05:30' }),
    Transform(({ value }: { value: unknown }) => {
      const text = typeof value === 'string' ? value.replaceAll(' ', '+') : value;
      return isMoment(text) ? new Date(text).toISOString() : text;
    }),
    IsString(),
    ValidateBy({
      name: 'isMoment',
      validator: {
        validate: isMoment,
        defaultMessage: () => 'must be an RFC 3339 date-time (2026-02-14T09:30:00Z)',
      },
    }),
  );

function isMoment(value: unknown): value is string {
  const day = typeof value === 'string' ? DATE_TIME.exec(value)?.[1] : undefined;
  if (day === undefined) return false;
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/** The property is what a page before it gave as `next`. */
export const IsCursor = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    ValidateBy({
      name: 'isCursor',
      validator: { validate: isCursor, defaultMessage: () => 'must be the `next` of an earlier page' },
    }),
  );
