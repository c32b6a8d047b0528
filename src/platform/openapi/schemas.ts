import type { ReferenceObject, SchemaObject } from '@nestjs/swagger';

type Schema = SchemaObject | ReferenceObject;
export type Schemas = Readonly<Record<string, Schema>>;

/** The component that a reference names. */
export function namedSchema(
  reference: Schema | undefined,
  schemas: Schemas,
): { name: string; schema: SchemaObject } {
  const name = reference !== undefined && '$ref' in reference ? reference.$ref.replace(/^.*\//, '') : '';
  const schema = schemas[name];
  if (schema === undefined || '$ref' in schema)
    throw new Error(`the OpenAPI document has no schema '${name}'`);
  return { name, schema };
}

/** Every schema with declared members that a value of this schema can hold, itself included. */
export function objectsWithin(schema: Schema | undefined, schemas: Schemas): SchemaObject[] {
  if (schema === undefined) return [];
  if ('$ref' in schema) return objectsWithin(namedSchema(schema, schemas).schema, schemas);
  const { properties, items, allOf = [], anyOf = [], oneOf = [] } = schema;
  const within = [...Object.values(properties ?? {}), items, ...allOf, ...anyOf, ...oneOf];
  return [
    ...(properties === undefined ? [] : [schema]),
    ...within.flatMap((each) => objectsWithin(each, schemas)),
  ];
}
