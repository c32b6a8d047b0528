import { plainToInstance } from 'class-transformer';
import { ValidationTypes, getMetadataStorage } from 'class-validator';

/** A class whose decorated properties say which types a body's members have. */
export type DtoClass = new () => object;

/** What a DTO declares about one of its properties. */
export type Declared = 'string' | 'number' | 'boolean' | 'object' | DtoClass;

/** What each validation rule says about the type. */
const BY_RULE: Readonly<Record<string, Declared>> = {
  isString: 'string',
  isInt: 'number',
  isNumber: 'number',
  isBoolean: 'boolean',
  isObject: 'object',
};

const known = new WeakMap<DtoClass, ReadonlyMap<string, Declared>>();

/**
 * The declared type of each property that has one. The validation rules say it: the type annotation is
 * not there at run time for a property that may be null.
 */
export function declaredTypes(dto: DtoClass): ReadonlyMap<string, Declared> {
  let types = known.get(dto);
  if (types === undefined) {
    types = readTypes(dto);
    known.set(dto, types);
  }
  return types;
}

function readTypes(dto: DtoClass): ReadonlyMap<string, Declared> {
  const types = new Map<string, Declared>();
  for (const { propertyName, name = '', type } of getMetadataStorage().getTargetValidationMetadatas(
    dto,
    '',
    false,
    false,
  )) {
    const declared = type === ValidationTypes.NESTED_VALIDATION ? nested(dto, propertyName) : BY_RULE[name];
    // A class says more than that the property is an object.
    if (declared !== undefined && typeof types.get(propertyName) !== 'function')
      types.set(propertyName, declared);
  }
  return types;
}

/** The class that `@Type` gives to a nested property. */
function nested(dto: DtoClass, property: string): DtoClass {
  const instance = plainToInstance(dto, { [property]: {} }) as Record<string, object>;
  return instance[property]?.constructor as DtoClass;
}
