// Which kind each file of an app is, where its suffix does not say so. dependency-cruiser asks for patterns.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = globSync('apps/*/src/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.spec.ts'));

/** `orders/order.ts`, `classes/class.ts`, `hours/hours.ts`: the noun that its folder is called after. */
const nouns = files.filter((file) => {
  const [folder, noun] = [basename(dirname(file)), basename(file, '.ts')];
  return [noun, `${noun}s`, `${noun}es`].includes(folder);
});

/** What decides beside them. */
export const deciders = [
  'apps/payments/src/webhooks/domain/notification.ts',
  'apps/payments/src/webhooks/domain/provider.ts',
  'apps/payments/src/webhooks/domain/standard.ts',
  'apps/payments/src/webhooks/domain/stripe.ts',
  'apps/payments/src/receivables/domain/receivable.ts',
];

/** Injectables with the one public method `execute`. */
const verbs = files.filter((file) => /^ {2}(async )?execute\(/m.test(readFileSync(`${root}${file}`, 'utf8')));

/** Whatever lies in a `domain/` folder. */
const inDomain = files.filter((file) => /\/domain\//.test(file));

export const domain = patternOf([...nouns, ...deciders, ...inDomain]);
export const useCases = patternOf(verbs);
export const edges = '^apps/[^/]+/src/.*\\.(http|consumer|job)\\.ts$';
export const stores = '^apps/[^/]+/src/.*\\.(store|table|entity|sql)\\.ts$';
/** They wire the rest together and may know all of it. */
export const wiring = '(\\.module|/main|/migrate|/verify|/database|/openapi|/asyncapi)\\.ts$';
export const tests = ['\\.spec\\.ts$', '^apps/[^/]+/test/'];

function patternOf(paths) {
  // A pattern that matches nothing, where there is no such file.
  return paths.length > 0 ? `^(${paths.map((path) => path.replaceAll('.', '\\.')).join('|')})$` : '^$';
}
