import { validateSync, type ValidationError } from 'class-validator';
import { keepsItsRules } from './dto-rules.js';
import type { FieldError } from './problem.js';

/** Writes down where a fault lies, from a path of member names. */
type PointerTo = (path: readonly string[]) => string;

/** What is wrong with a DTO by its own rules, one entry per fault; a field that it does not declare is one. */
export function faultsOf(dto: object, pointerTo: PointerTo): FieldError[] {
  if (keepsItsRules(dto)) return [];
  const faults = validateSync(dto, {
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    stopAtFirstError: true,
  });
  return faults.flatMap((fault) => fieldErrors(fault, [], pointerTo));
}

function fieldErrors(
  { property, value, constraints, children }: ValidationError,
  path: readonly string[],
  pointerTo: PointerTo,
): FieldError[] {
  const at = [...path, property];
  const own = Object.entries(constraints ?? {}).map(([rule, message]) => ({
    pointer: pointerTo(at),
    message: messageOf(rule, message, value).replace(`${property} `, ''),
  }));
  return [...own, ...(children ?? []).flatMap((child) => fieldErrors(child, at, pointerTo))];
}

function messageOf(rule: string, message: string, value: unknown): string {
  if (rule === 'whitelistValidation') return 'is not a known field';
  return value === undefined ? 'is required' : message;
}
