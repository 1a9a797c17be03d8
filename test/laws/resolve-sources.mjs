// How dependency-cruiser finds the sources behind the subpath imports of package.json, which name built files.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { imports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const sources = Object.entries(imports).map(([name, built]) => [
  name.replace('/*', ''),
  `${root}${built.replace('./dist/', '').replace('/*', '')}`,
]);

export default {
  resolve: {
    alias: Object.fromEntries(sources),
    extensions: ['.ts', '.js', '.mjs'],
    extensionAlias: { '.js': ['.ts', '.js'] },
  },
};
