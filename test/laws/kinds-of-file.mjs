// Which kind each file of an app is. dependency-cruiser asks for patterns.
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = globSync('apps/*/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.spec.ts'));

/** Injectables with the one public method `execute`. */
const verbs = files.filter((file) => /^ {2}(async )?execute\(/m.test(readFileSync(`${root}${file}`, 'utf8')));

export const domain = '^apps/[^/]+/src/.*/domain/';
export const useCases = patternOf(verbs);
export const edges = '^apps/[^/]+/src/.*\\.(http|consumer|job)\\.ts$';
export const stores = '^apps/[^/]+/src/.*\\.(store|entity)\\.ts$';
/** They wire the rest together and may import all of it. */
export const wiring = '(\\.module|/main|/migrate|/verify|/database|/openapi|/asyncapi)\\.ts$';
export const tests = ['\\.spec\\.ts$', '^apps/[^/]+/test/'];

function patternOf(paths) {
  // A pattern that matches nothing, where there is no such file.
  return paths.length > 0 ? `^(${paths.map((path) => path.replaceAll('.', '\\.')).join('|')})$` : '^$';
}
