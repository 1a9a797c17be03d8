import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { reactAriaStyles } from './security-headers.js';

const root = createRequire(import.meta.url)
  .resolve('react-aria/package.json')
  .replace('package.json', '');

/** The style that a module of React Aria adds to a page, with its constants filled in. */
function styleIn(module: string): string {
  const source = readFileSync(join(root, 'dist/private', module), 'utf8');
  const [, template = ''] = /style\.textContent = `([^`]+)`\s*\.trim\(\)/.exec(source) ?? [];
  return template
    .replace(/\$\{(\$\w+\$var\$\w+)\}/g, (_, name: string) => {
      const [, value = ''] = new RegExp(`const ${name.replaceAll('$', '\\$')} = '([^']+)'`).exec(source) ?? [];
      return value;
    })
    .trim();
}

it('the policy of the pages allows the styles of the installed React Aria, and no others', () => {
  const styles = ['interactions/usePress.mjs', 'overlays/usePreventScroll.mjs'].map(styleIn);
  expect(styles).toEqual([expect.stringContaining('[data-react-aria-pressable]'), expect.stringContaining('contain')]);
  const hashes = styles.map((style) => `sha256-${createHash('sha256').update(style).digest('base64')}`);
  expect(reactAriaStyles).toEqual(hashes);
});
