import { globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand, say } from '../terminal.ts';
import { build } from '../workspace/build.ts';
import { root } from '../workspace/root.ts';

/** `npm run docs` writes the generated files; `npm test` fails when a committed one differs. */
await runCommand(async () => {
  await build();
  // Imported after the build, because the documents are made of the built code.
  const { generatedClient, generatedDocuments } = await import('./documents.ts');
  const documents = await generatedDocuments((path) => import(join(root, 'dist', path)));
  for (const path of globSync('docs/*.json', { cwd: root })) rmSync(join(root, path));
  for (const [path, text] of documents) write(join('docs', path), text);
  const client = generatedClient(documents);
  for (const [path, text] of client) write(path, text);
  say(`${documents.size} documents written to docs/, and ${[...client.keys()].join(', ')}`);
  return 0;
});

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
