import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

export class ResourceRef {
  @IsString()
  @IsNotEmpty()
  readonly id!: string;

  @IsOptional()
  @IsString()
  readonly uri?: string;
}

/** The members that the billing system documents. */
export class DeferredAction {
  @IsOptional()
  @ValidateNested()
  @Type(() => ResourceRef)
  readonly actionId?: ResourceRef;

  @IsOptional()
  @IsString()
  readonly actionName?: string;

  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3)
  readonly actionStatus?: number;

  @IsOptional()
  @IsString()
  readonly description?: string;

  @IsOptional()
  @IsObject()
  readonly extension?: Record<string, unknown>;

  @IsOptional()
  @IsBoolean()
  readonly isCollectionsAction?: boolean;

  @IsOptional()
  @IsInt()
  readonly scheduledDate?: number;

  @IsOptional()
  @ValidateNested()
  @Type(() => ResourceRef)
  readonly serviceId?: ResourceRef;

  @IsOptional()
  @IsString()
  readonly serviceLogin?: string;

  @IsOptional()
  @IsString()
  readonly serviceType?: string;
}
