import { apiDocuments, type ImportApp } from './api-documents.ts';
import { asyncApiDocument } from './asyncapi.ts';

/** All generated documents: by path below `docs/`, as text. */
export async function generatedDocuments(importApp: ImportApp): Promise<Map<string, string>> {
  const documents = new Map([['asyncapi.json', textOf(asyncApiDocument())]]);
  for (const [path, document] of await apiDocuments(importApp)) documents.set(path, textOf(document));
  return documents;
}

/** Generated files are formatted by their generator; biome ignores them. */
function textOf(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}
