import type {
  ContentObject,
  MediaTypeObject,
  OpenAPIObject,
  OperationObject,
  SchemaObject,
} from '@nestjs/swagger';
import type { ProblemDocument } from '../http/problem-document.dto.js';
import { PROBLEM_NAMESPACE } from '../http/problem-answers.js';
import { writeXml } from '../http/xml/xml-writer.js';
import { operationsOf } from './operations.js';
import { namedSchema, objectsWithin, type Schemas } from './schemas.js';

/**
 * Adds, in place, what holds for every route and no decorator can say: request bodies take no unknown field,
 * a problem names the path that was asked for, and what everything looks like in XML.
 */
export function complete(document: OpenAPIObject): OpenAPIObject {
  const schemas = document.components?.schemas ?? {};
  for (const { path, operation, safe } of operationsOf(document)) {
    const { requestBody, responses } = operation;
    // Without a word it would be taken for forgotten.
    operation.security ??= [];
    if (requestBody !== undefined && 'content' in requestBody) {
      closeSchemas(requestBody.content, schemas);
      requestBody.content = withXml(requestBody.content, schemas);
    }
    const instance = examplePath(path, operation);
    for (const response of Object.values(responses)) {
      if (response === undefined || !('content' in response)) continue;
      response.content = withXml(met(instance, safe, response.content), schemas);
    }
  }
  // The builder leaves an empty one behind.
  delete document.info.contact;
  return document;
}

/** The body pipe refuses what a DTO does not declare, at every level. */
function closeSchemas(content: ContentObject, schemas: Schemas): void {
  for (const { schema } of Object.values(content)) {
    for (const object of objectsWithin(schema, schemas)) object.additionalProperties = false;
  }
}

/** The path with the examples of its parameters filled in. */
function examplePath(path: string, { parameters = [] }: OperationObject): string {
  return path.replace(/\{(\w+)\}/g, (placeholder, name: string) => {
    const schema = parameters.flatMap((each) =>
      'name' in each && each.name === name ? [each.schema] : [],
    )[0];
    return schema !== undefined && 'example' in schema ? String(schema.example) : placeholder;
  });
}

/** Problems as they are met there: what only reads has no outcome. */
function met(instance: string, safe: boolean, content: ContentObject): ContentObject {
  return mapContent(content, (type, mediaType) =>
    type.includes('problem')
      ? withExamples(mediaType, (value) => {
          const problem = { ...(value as Partial<ProblemDocument>), instance };
          if (safe) delete problem.outcome;
          return problem;
        })
      : mediaType,
  );
}

/** Names the root elements, and writes each example of an XML media type as the gateway itself would. */
function withXml(content: ContentObject, schemas: Schemas): ContentObject {
  return mapContent(content, (type, mediaType) => {
    if (!type.endsWith('xml')) return mediaType;
    const { name, schema } = rootOf(mediaType.schema, schemas);
    const problem = type.includes('problem');
    const xml = problem ? { name: 'problem', namespace: PROBLEM_NAMESPACE } : { name };
    schema.xml = { ...schema.xml, ...xml };
    nameItems(schema, problem ? 'i' : 'item', schemas);
    return withExamples(mediaType, (value) => writeXml(xml.name, value, xml.namespace));
  });
}

/** The schema of a document's root element, and the name of that: of a list its own, else the component's. */
function rootOf(schema: MediaTypeObject['schema'], schemas: Schemas): { name: string; schema: SchemaObject } {
  return schema !== undefined && !('$ref' in schema) && schema.xml?.name !== undefined
    ? { name: schema.xml.name, schema }
    : namedSchema(schema, schemas);
}

/** An array is one element with an element for each of its items. */
function nameItems(root: SchemaObject, name: string, schemas: Schemas): void {
  const members = objectsWithin(root, schemas).flatMap(({ properties = {} }) => Object.values(properties));
  for (const schema of [root, ...members]) {
    if (!('items' in schema)) continue;
    schema.xml = { ...schema.xml, wrapped: true };
    Object.assign(schema.items, { xml: { name } });
  }
}

function mapContent(
  content: ContentObject,
  change: (type: string, mediaType: MediaTypeObject) => MediaTypeObject,
): ContentObject {
  return Object.fromEntries(
    Object.entries(content).map(([type, mediaType]) => [type, change(type, mediaType)]),
  );
}

function withExamples(mediaType: MediaTypeObject, change: (value: unknown) => unknown): MediaTypeObject {
  const { example, examples } = mediaType as { example?: unknown; examples?: MediaTypeObject['examples'] };
  return {
    ...mediaType,
    ...(example !== undefined && { example: change(example) }),
    ...(examples !== undefined && {
      examples: Object.fromEntries(
        Object.entries(examples).map(([name, each]) => [
          name,
          'value' in each ? { ...each, value: change(each.value) } : each,
        ]),
      ),
    }),
  };
}
