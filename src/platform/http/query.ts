import {
  Query,
  createParamDecorator,
  type ArgumentMetadata,
  type ExecutionContext,
  type PipeTransform,
} from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import type { FastifyRequest } from 'fastify';
import { isCarriedByXml } from './body-rules.js';
import { faultsOf } from './dto-faults.js';
import { invalidQuery, type FieldError } from './problem.js';
import { StatesFacts } from './route-facts.js';
import { declaredTypes, type Declared, type DtoClass } from './xml/declared-types.js';

/** Hands the query parameters to a controller's method, as one validated DTO. Only such a route takes any. */
export const Asked = (): ParameterDecorator => (target, method, index) => {
  const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
  if (method === undefined || descriptor === undefined) throw new TypeError('only a method is asked');
  Query(new QueryPipe())(target, method, index);
  StatesFacts({ query: true })(target, method, descriptor);
};

/** Hands over the query as it came: for what somebody else, such as an identity provider, puts into it. */
export const RawQuery = createParamDecorator((_: unknown, execution: ExecutionContext): URLSearchParams => {
  const { url } = execution.switchToHttp().getRequest<FastifyRequest>();
  return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
});

/** Turns a query into the DTO of the parameter. Whatever the DTO does not declare is refused by name. */
class QueryPipe implements PipeTransform {
  transform(query: unknown, { metatype }: ArgumentMetadata): object {
    const dto = metatype as DtoClass;
    const types = declaredTypes(dto);
    const sent = Object.entries(query as Record<string, string | string[]>);
    const unreadable = sent.flatMap(([name, value]) => faultOf(value, types.get(name), pointerTo([name])));
    if (unreadable.length > 0) throw invalidQuery(unreadable);
    const typed = sent.map(([name, value]) => [name, valueOf(value as string, types.get(name))] as const);
    const instance = plainToInstance(dto, Object.fromEntries(typed));
    const faults = faultsOf(instance, pointerTo);
    if (faults.length > 0) throw invalidQuery(faults);
    return instance;
  }
}

function pointerTo(path: readonly string[]): string {
  return `?${path.map((name) => encodeURIComponent(name.toWellFormed())).join('.')}`;
}

function faultOf(value: string | string[], declared: Declared | undefined, pointer: string): FieldError[] {
  if (declared === undefined) return [{ pointer, message: 'is not a known parameter' }];
  if (typeof value !== 'string') return [{ pointer, message: 'was sent more than once' }];
  return isCarriedByXml(value) ? [] : [{ pointer, message: 'has a control character' }];
}

/** What is not a number or a boolean stays a text: the DTO's own rule refuses it. */
function valueOf(text: string, declared: Declared | undefined): string | number | boolean {
  if (declared === 'number' && /^(0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (declared === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
