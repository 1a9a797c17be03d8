import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand, say } from '../terminal.ts';
import { build } from '../workspace/build.ts';
import { root } from '../workspace/root.ts';

/** `npm run docs`: writes anew what is committed under `docs/`; `npm test` fails when it was forgotten. */
await runCommand(async () => {
  await build();
  // What describes the code is imported after the code was built.
  const { messageDocuments, textOf } = await import('./documents.ts');
  const { apiDocuments } = await import('./api-documents.ts');
  const documents = messageDocuments();
  for (const [path, document] of await apiDocuments((path) => import(join(root, 'dist', path))))
    documents.set(path, textOf(document));
  for (const path of globSync('docs/{*.json,schemas/*.json}', { cwd: root })) rmSync(join(root, path));
  for (const [path, text] of documents) {
    const file = join(root, 'docs', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  say(`${documents.size} documents written to docs/`);
  return 0;
});
