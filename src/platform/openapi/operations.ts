import type { OpenAPIObject, OperationObject } from '@nestjs/swagger';

/** An operation of a document, and the path it is under. */
export interface PathOperation {
  readonly path: string;
  readonly operation: OperationObject;
  /** It changes nothing: RFC 9110 section 9.2.1. */
  readonly safe: boolean;
}

/** Every operation of a document. */
export function operationsOf(document: OpenAPIObject): PathOperation[] {
  return Object.entries(document.paths).flatMap(([path, { get, put, post, delete: remove }]) =>
    [get, put, post, remove].flatMap((operation) =>
      operation === undefined ? [] : [{ path, operation, safe: operation === get }],
    ),
  );
}
