import { defineConfig, type Plugin } from 'vite';
import { compressed } from './compressed.ts';

/** React Aria brings 34 languages; the console speaks two. */
const languages = ['en-US', 'de-DE'];

/** Empties the texts of React Aria in languages that the console does not speak. */
function withoutOtherLanguages(): Plugin {
  return {
    name: 'without-other-languages',
    load(id) {
      const [, language] = /[\\/]intl[\\/](?:.*[\\/])?([a-z]{2}-[A-Z]{2})\.m?js$/.exec(id) ?? [];
      return language && !languages.includes(language) ? 'export default {};' : undefined;
    },
  };
}

/**
 * Frameworks, what all pages share, and one chunk per role: a few files instead of dozens. A group takes along what its
 * modules import, so what is shared comes before the roles.
 */
const groups = [
  { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler|use-sync-external-store)[\\/]/, priority: 10 },
  { name: 'router', test: /node_modules[\\/]@tanstack[\\/]/, priority: 9 },
  {
    name: 'schema-forms',
    test: /node_modules[\\/](@rjsf|@cfworker|lodash|lodash-es|markdown-to-jsx)[\\/]/,
    priority: 7,
  },
  {
    name: 'react-aria',
    test: /node_modules[\\/](react-aria|react-stately|@react-|@internationalized)|src[\\/]design[\\/]aria/,
    priority: 6,
  },
  // What every page loads at once, with the parts of lists, the first of which is that of the classes.
  {
    name: 'base',
    test: /web[\\/]src[\\/](api[\\/]queries|messages[\\/]\w+\.ts|states[\\/]loaded|shell[\\/]routing[\\/]pages|design[\\/](pager|controls[\\/](check|search)|data[\\/](instant|money|status|table)))/,
    priority: 8,
  },
  // The routes of everybody but members.
  { name: 'routes', test: /web[\\/]src[\\/]shell[\\/]routing[\\/]whole-router/, priority: 6 },
  // What forms and other later screens share.
  {
    name: 'parts',
    test: /web[\\/]src[\\/](forms|design[\\/](?!aria|css)|format|shell[\\/](?!find|requests|routing|signed))/,
    priority: 6,
  },
  // What screens of several roles show.
  { name: 'code-parts', test: /src[\\/]screens[\\/]code-parts/, priority: 6 },
  {
    name: 'shared',
    test: /src[\\/](explanations|why[\\/]ladder|screens[\\/](account[\\/](balances|statement)|orders[\\/]order-(columns|status)))/,
    priority: 6,
  },
  {
    name: 'member',
    test: /src[\\/](why|screens[\\/](classes|orders|account))[\\/](?!routes|params|classes-screen)/,
    priority: 5,
  },
  { name: 'publisher', test: /src[\\/]screens[\\/]publisher[\\/](?!routes|params)/, priority: 5 },
  { name: 'rules', test: /src[\\/]screens[\\/]rules[\\/](?!routes|params)/, priority: 5 },
  {
    name: 'promo-codes',
    test: /src[\\/]screens[\\/](promo-codes|offers)[\\/](?!routes|form[\\/]|decisions[\\/]simulator|record)/,
    priority: 4,
  },
  // These load React Aria, and the lists of codes do not.
  { name: 'promo-code-forms', test: /src[\\/]screens[\\/](promo-codes|offers)[\\/](?!routes)/, priority: 3 },
  {
    name: 'money',
    test: /src[\\/]screens[\\/](persons|admin-orders|payments|ledger|actions)[\\/](?!routes|params)/,
    priority: 4,
  },
];

export default defineConfig({
  plugins: [withoutOtherLanguages(), compressed()],
  build: {
    outDir: '../../../dist/apps/console/web',
    emptyOutDir: true,
    // Which file each source is in: the law of budgets reads it.
    manifest: true,
    target: 'es2024',
    // The Content-Security-Policy allows neither data: scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: false,
    reportCompressedSize: true,
    rolldownOptions: {
      output: { codeSplitting: { groups } },
      onLog(level, log, handle) {
        // "use client" means nothing to a bundle without a server.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log);
      },
    },
  },
});
