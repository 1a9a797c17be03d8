import { apiDocuments, type ImportApp } from './api-documents.ts';
import { asyncApiDocument } from './asyncapi.ts';
import { clientOperations, staffOperations } from './client-operations.ts';

/** All generated documents: by path below `docs/`, as text. */
export async function generatedDocuments(importApp: ImportApp): Promise<Map<string, string>> {
  const documents = new Map([['asyncapi.json', textOf(asyncApiDocument())]]);
  for (const [path, document] of await apiDocuments(importApp)) documents.set(path, textOf(document));
  return documents;
}

/** The operations of the gateway for the console's pages: generated files by their paths. */
export function generatedClient(documents: ReadonlyMap<string, string>): Map<string, string> {
  const openapi: unknown = JSON.parse(documents.get('openapi.json') ?? '');
  const folder = 'apps/console/web/src/api/generated';
  return new Map([
    [`${folder}/operations.ts`, clientOperations(openapi)],
    [`${folder}/staff-operations.ts`, staffOperations(openapi)],
  ]);
}

/** Generated files are formatted by their generator; biome ignores them. */
function textOf(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
