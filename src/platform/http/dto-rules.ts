import {
  ValidationTypes,
  getMetadataStorage,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { DtoClass } from './xml/declared-types.js';

/** One rule of class-validator, looked up once. */
type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];
/** Whether a property of a DTO keeps a rule. */
type Rule = (value: unknown, dto: object) => boolean;

interface Member {
  /** When one of them says no, the rules do not count. */
  readonly conditions: readonly Rule[];
  readonly rules: readonly Rule[];
}

type Members = ReadonlyMap<string, Member>;

/** Undefined for a class that has rules of a kind that is not known here. */
const known = new WeakMap<DtoClass, Members | undefined>();

/**
 * Whether a DTO certainly keeps all rules of its class, and has no property without one. After `false`
 * `validateSync` is to be asked, which knows all kinds of rules and can say what is wrong: it looks all of them
 * up at each call, which takes four times as long.
 */
export function keepsItsRules(dto: object): boolean {
  const members = membersOf(dto.constructor as DtoClass);
  if (members === undefined || !Object.keys(dto).every((name) => members.has(name))) return false;
  for (const [name, { conditions, rules }] of members) {
    const value = (dto as Readonly<Record<string, unknown>>)[name];
    if (!conditions.every((condition) => condition(value, dto))) continue;
    if (!rules.every((rule) => rule(value, dto))) return false;
  }
  return true;
}

function membersOf(dto: DtoClass): Members | undefined {
  if (!known.has(dto)) known.set(dto, readMembers(dto));
  return known.get(dto);
}

function readMembers(dto: DtoClass): Members | undefined {
  const storage = getMetadataStorage();
  const members = new Map<string, { conditions: Rule[]; rules: Rule[] }>();
  for (const metadata of storage.getTargetValidationMetadatas(dto, '', false, false)) {
    const rules = rulesOf(metadata);
    if (rules === undefined) return undefined;
    const member = members.get(metadata.propertyName) ?? { conditions: [], rules: [] };
    members.set(metadata.propertyName, member);
    (metadata.type === CONDITION ? member.conditions : member.rules).push(...rules);
  }
  return members.size === 0 ? undefined : members;
}

const CONDITION: string = ValidationTypes.CONDITIONAL_VALIDATION;

function rulesOf(metadata: Metadata): Rule[] | undefined {
  if (metadata.each || metadata.validateIf !== undefined) return undefined;
  switch (metadata.type) {
    case CONDITION: {
      const conditions = metadata.constraints as readonly ((dto: object, value: unknown) => boolean)[];
      return conditions.map((applies) => (value, dto) => applies(dto, value));
    }
    case ValidationTypes.NESTED_VALIDATION:
      return [(value) => value === undefined || isKept(value)];
    case ValidationTypes.CUSTOM_VALIDATION: {
      const constraints = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
      return constraints.map(({ instance }) => keeps(metadata, instance));
    }
    default:
      return undefined;
  }
}

/** Of a nested value; a list is left to class-validator. */
function isKept(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && keepsItsRules(value);
}

function keeps({ propertyName, constraints }: Metadata, constraint: ValidatorConstraintInterface): Rule {
  return (value, object) => {
    const about: ValidationArguments = {
      targetName: object.constructor.name,
      property: propertyName,
      object,
      value,
      constraints,
    };
    // A promise is not `true`.
    return constraint.validate(value, about) === true;
  };
}
