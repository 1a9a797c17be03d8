import { asyncApiDocument } from './asyncapi.ts';
import { messageSchemas } from './message-schemas.ts';

/** The documents of the messages, as they are committed: by path below `docs/`, as text. */
export function messageDocuments(): Map<string, string> {
  const documents = new Map([['asyncapi.json', textOf(asyncApiDocument())]]);
  for (const [name, schema] of messageSchemas()) documents.set(`schemas/${name}.json`, textOf(schema));
  return documents;
}

/** Generated files are formatted by their generator alone; biome leaves them be. */
export function textOf(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
