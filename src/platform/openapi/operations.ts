import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';

/** Every operation of a document with the path it is under. */
export function operationsOf(document: OpenAPIObject): { path: string; operation: OperationObject }[] {
  return Object.entries(document.paths).flatMap(([path, { get, put, post, delete: remove }]) =>
    [get, put, post, remove].flatMap((operation) => (operation === undefined ? [] : [{ path, operation }])),
  );
}
