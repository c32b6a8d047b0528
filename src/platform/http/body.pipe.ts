import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { faultsOf } from './dto-faults.js';
import { WHOLE_BODY, invalidBody, pointerTo, type FieldError } from './problem.js';
import type { DtoClass } from './xml/declared-types.js';
import { bindXml } from './xml/xml-binding.js';
import { XmlElement } from './xml/xml-element.js';

/**
 * Turns a read body, JSON or XML, into one validated DTO. A null member counts as absent; a field that the
 * DTO does not declare is refused by name.
 */
@Injectable()
export class BodyPipe implements PipeTransform {
  transform(body: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type !== 'body') return body;
    const dto = metatype as DtoClass;
    const plain = withoutNulls(body instanceof XmlElement ? bindXml(body, dto) : body);
    if (!isObject(plain)) throw invalid([{ pointer: WHOLE_BODY, message: 'the body must be an object' }]);
    const instance = plainToInstance(dto, plain);
    const faults = faultsOf(instance, pointerTo);
    if (faults.length > 0) throw invalid(faults);
    return instance;
  }
}

function invalid(errors: readonly FieldError[]): Error {
  return invalidBody('invalid-request', errors);
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null)
      .map(([name, member]) => [name, withoutNulls(member)]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
