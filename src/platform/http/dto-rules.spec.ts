import {
  IsInt,
  IsNotEmpty,
  IsOptional,
  IsString,
  Max,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';
import { keepsItsRules } from './dto-rules.js';

class Inner {
  @IsString()
  readonly name!: unknown;
}

class Known {
  @IsInt()
  @Max(3)
  readonly count!: unknown;

  @IsOptional()
  @IsString()
  readonly note?: unknown;

  @IsOptional()
  @ValidateNested()
  readonly inner?: unknown;
}

class Derived extends Known {
  @IsString()
  readonly more!: unknown;
}

/** With rules of kinds that only class-validator knows. */
class Unusual {
  @IsOptional()
  @IsNotEmpty({ each: true })
  readonly names?: unknown;

  @IsOptional()
  @ValidateBy({ name: 'later', validator: { validate: () => Promise.resolve(true) } })
  readonly later?: unknown;
}

class Conditional {
  @ValidateIf(({ sent }: { sent?: boolean }) => sent === true)
  @IsString()
  readonly reason?: unknown;

  @IsOptional()
  readonly sent?: unknown;
}

class Ruleless {
  readonly name?: unknown;
}

const innerOf = (name: unknown): Inner => Object.assign(new Inner(), { name });
const known = (members: object): Known => Object.assign(new Known(), members);
const OPTIONS = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  stopAtFirstError: true,
};

describe('the rules of a DTO', () => {
  it.each<[string, object]>([
    ['the least', known({ count: 1 })],
    ['all members', known({ count: 3, note: 'n', inner: innerOf('i') })],
    ['an optional member that is null', known({ count: 3, note: null, inner: null })],
    ['inherited rules', Object.assign(new Derived(), { count: 1, more: 'm' })],
    ['a condition that does not hold', Object.assign(new Conditional(), { reason: 1 })],
    ['a condition that holds', Object.assign(new Conditional(), { sent: true, reason: 'r' })],
  ])('are kept, as class-validator says, too: %s', (_what, dto) => {
    expect(validateSync(dto, OPTIONS)).toEqual([]);
    expect(keepsItsRules(dto)).toBe(true);
  });

  it.each<[string, object]>([
    ['a member that is missing', known({})],
    ['a member of another type', known({ count: '1' })],
    ['the second rule of a member', known({ count: 4 })],
    ['a member that is not declared', known({ count: 1, other: 1 })],
    ['a member that is undeclared and undefined', known({ count: 1, other: undefined })],
    ['an optional member of another type', known({ count: 1, note: 1 })],
    ['a nested member', known({ count: 1, inner: innerOf(1) })],
    ['a nested text', known({ count: 1, inner: 'i' })],
    ['a nested object of no class', known({ count: 1, inner: { name: 'i' } })],
    ['a nested list', known({ count: 1, inner: [innerOf(1)] })],
    ['inherited rules', Object.assign(new Derived(), { count: '1', more: 'm' })],
    ['a condition that holds', Object.assign(new Conditional(), { sent: true })],
    ['an item of a list', Object.assign(new Unusual(), { names: [''] })],
    ['a class without rules', new Ruleless()],
  ])('are broken, as class-validator says, too: %s', (_what, dto) => {
    expect(validateSync(dto, OPTIONS)).not.toEqual([]);
    expect(keepsItsRules(dto)).toBe(false);
  });

  it.each<[string, object]>([
    ['each item of a list', Object.assign(new Unusual(), { names: ['a'] })],
    ['a rule that takes its time', Object.assign(new Unusual(), { later: 1 })],
    ['a list of nested values', known({ count: 1, inner: [innerOf('i')] })],
  ])('of a kind that is not known here are left to class-validator: %s', (_what, dto) => {
    expect(validateSync(dto, OPTIONS)).toEqual([]);
    expect(keepsItsRules(dto)).toBe(false);
  });
});
