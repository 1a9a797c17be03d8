import { join } from 'node:path';
import { createConfig, formatProblems, getTotals, lint } from '@redocly/openapi-core';
import { say } from '../terminal.ts';
import { root } from '../workspace/root.ts';

const error = 'error';
const off = 'off';

/** Redocly's strict rules (its warnings are errors too) and more. Each disabled rule has its reason here. */
const config = await createConfig({
  extends: ['recommended-strict'],
  rules: {
    'operation-description': error,
    'operation-singular-tag': error,
    'operation-tag-defined': error,
    'operation-parameters-unique': error,
    'paths-kebab-case': error,
    'no-invalid-schema-examples': error,
    'no-invalid-media-type-examples': error,
    'no-required-schema-properties-undefined': error,
    'tag-description': error,
    'tag-duplicate-names': error,
  },
  async3Rules: {
    // AsyncAPI has tags per operation, so the same tag appears in many; the rule accepts a name once per document.
    'no-duplicated-tag-names': off,
    // The security of the server applies to every operation (AsyncAPI 3.0, Server Object).
    'security-defined': off,
  },
});

/** `npm run lint:api`: lints the committed API documents. */
let failed = false;
for (const name of ['openapi.json', 'openapi.webhooks.json', 'asyncapi.json']) {
  const problems = await lint({ ref: join(root, 'docs', name), config });
  const { errors, warnings } = getTotals(problems);
  formatProblems(problems, { totals: { errors, warnings, ignored: 0 }, version: '' });
  say(`docs/${name}: ${errors} errors, ${warnings} warnings`);
  failed ||= errors + warnings > 0;
}
process.exitCode = failed ? 1 : 0;
