import { applyDecorators } from '@nestjs/common';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';

/**
 * The member may be left out, or be null, which means the same. Its TypeScript type must not say `| null`:
 * TypeScript emits no type for a union, and the XML binding would take the member for an object.
 */
export const OptionalOrNull = (): PropertyDecorator =>
  applyDecorators(IsOptional(), ApiPropertyOptional({ nullable: true }));
