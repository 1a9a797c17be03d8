// The laws of import direction: edge → use case → domain → store → outbox, and who may know whom.
// `npm run laws` checks the project; test/laws proves that each law catches what it forbids.
import { domain, edges, stores, tests, useCases, wiring } from './test/laws/kinds-of-file.mjs';

const error = 'error';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A reader of one file must not have to read all of them.',
      severity: error,
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every-import-is-found',
      comment: 'An import that leads nowhere would escape every other law.',
      severity: error,
      from: {},
      to: { couldNotResolve: true, pathNot: '^node:' },
    },
    {
      name: 'contracts-know-only-zod',
      comment: 'A contract describes what is on the wire and depends on nothing else.',
      severity: error,
      from: { path: '^libs/contracts/src/', pathNot: tests },
      to: { pathNot: ['^libs/contracts/src/', '^node_modules/zod/'] },
    },
    {
      name: 'kernel-stands-alone',
      comment: 'The kernel is a closed list that everything else may use.',
      severity: error,
      from: { path: '^libs/kernel/src/', pathNot: tests },
      to: { path: '^(apps|libs|tools|test)/', pathNot: '^libs/kernel/src/' },
    },
    {
      name: 'libs-know-no-app',
      severity: error,
      from: { path: '^libs/', pathNot: tests },
      to: { path: '^(apps|tools|test)/' },
    },
    {
      name: 'apps-know-no-other-app',
      comment: 'Services talk by messages.',
      severity: error,
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'apps-know-no-tool',
      severity: error,
      from: { path: '^apps/', pathNot: tests },
      to: { path: '^(tools|test)/' },
    },
    {
      name: 'edges-are-known-to-wiring-alone',
      comment: 'An edge calls use cases and is called by nobody.',
      severity: error,
      from: { path: '^apps/', pathNot: [wiring, ...tests] },
      to: { path: edges },
    },
    {
      name: 'pages-import-no-server-code',
      comment: 'Pages run in a browser; the server is known to them by its API alone.',
      severity: error,
      from: { path: '^apps/console/web/src/', pathNot: tests },
      to: { path: '^(libs|apps/console/src)/' },
    },
    {
      name: 'screens-are-known-to-routes-alone',
      comment: 'A screen is loaded with the chunk of its role; an import from outside would load it with every page.',
      severity: error,
      from: { path: '^apps/console/web/src/(?!screens/)', pathNot: tests },
      to: { path: '^apps/console/web/src/screens/', pathNot: '/routes\\.ts$' },
    },
    {
      name: 'ledger-imports-no-sibling',
      comment: 'The ledger moves money between accounts; what the money is for stands in the folders above it.',
      severity: error,
      from: { path: '^apps/payments/src/ledger/', pathNot: tests },
      to: { path: '^apps/payments/src/', pathNot: '^apps/payments/src/(ledger/|payments\\.config\\.ts$)' },
    },
    {
      name: 'domain-is-pure',
      comment: 'The nouns of the domain decide without framework, database or broker.',
      severity: error,
      from: { path: domain },
      to: { path: '^node_modules/(@nestjs|@mikro-orm|amqplib|bullmq|fastify|ioredis|pg)/' },
    },
    {
      name: 'domain-calls-nobody',
      comment: 'A decision is a value; a use case acts on it.',
      severity: error,
      from: { path: domain },
      to: { path: [useCases, stores, edges] },
    },
    {
      name: 'stores-decide-nothing',
      comment: 'A store reads and writes rows; a use case decides which.',
      severity: error,
      from: { path: stores },
      to: { path: [useCases, edges] },
    },
    {
      name: 'broker-is-known-to-messaging-alone',
      severity: error,
      from: { path: '^(apps|libs)/', pathNot: ['^libs/messaging/', ...tests] },
      to: { path: '^node_modules/amqplib/' },
    },
    {
      name: 'bullmq-is-known-to-jobs-alone',
      comment: 'The dashboard of the ops service looks into the queues themselves.',
      severity: error,
      from: { path: '^(apps|libs)/', pathNot: ['^libs/jobs/', '^apps/ops/src/', ...tests] },
      to: { path: '^node_modules/bullmq/' },
    },
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['matricula-sources', 'import', 'node', 'default'],
    },
  },
};
