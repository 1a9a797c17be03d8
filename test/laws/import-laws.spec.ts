import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

const useCase = (imports = '') => `${imports}export class OpenOrder {\n  async execute() {}\n}\n`;

/** A small project in which each law is broken once, beside neighbours that keep them all. */
const project: Readonly<Record<string, string>> = {
  'libs/contracts/src/orders.ts': `import { z } from 'zod';\nexport const order = z;`,
  'libs/contracts/src/sinner.ts': `import '../../kernel/src/money.js';`,
  'libs/kernel/src/money.ts': `export const money = 1;`,
  'libs/kernel/src/sinner.ts': `import '../../contracts/src/orders.js';`,
  'libs/jobs/src/jobs.ts': `import 'bullmq';`,
  'libs/jobs/src/sinner.ts': `import '../../../apps/payments/src/payments/domain/payment.js';`,
  'libs/messaging/src/connection/broker.ts': `import 'amqplib';`,
  'libs/messaging/src/lost.ts': `import './nowhere.js';`,
  'libs/messaging/src/hen.ts': `import { egg } from './egg.js';\nexport const hen = egg;`,
  'libs/messaging/src/egg.ts': `import { hen } from './hen.js';\nexport const egg = hen;`,
  'apps/payments/src/payments/domain/payment.ts': `import '#kernel/money.js';\nexport class Payment {}`,
  'apps/payments/src/payments/payments.store.ts': `import './domain/payment.js';`,
  'apps/payments/src/ledger/post-transfers.ts': `import '../payments/payments.store.js';`,
  'apps/payments/src/sinner.ts': `import '../../orders/src/orders/domain/order.js';`,
  'apps/orders/src/orders.module.ts': `import './orders/orders.consumer.js';`,
  'apps/orders/src/orders/orders.consumer.ts': `import './open-order.js';`,
  'apps/orders/src/orders/open-order.ts': useCase(`import './orders.store.js';\n`),
  'apps/orders/src/orders/orders.store.ts': `import './domain/order.js';`,
  'apps/orders/src/orders/domain/order.ts': `import '@nestjs/common';`,
  'apps/orders/src/orders/calls-edge.ts': `import './orders.consumer.js';`,
  'apps/orders/src/orders/expire-order.job.ts': `import './open-order.js';`,
  'apps/orders/src/orders/calls-job.ts': `import './expire-order.job.js';`,
  'apps/orders/src/orders/publishes.ts': `import 'amqplib';`,
  'apps/orders/src/orders/queues.ts': `import 'bullmq';`,
  'apps/orders/src/orders/uses-tool.ts': `import '../../../../tools/token.js';`,
  'apps/orders/src/orders/decides.store.ts': `import './open-order.js';`,
  'apps/orders/src/holds/domain/hold.ts': `import '../../orders/orders.store.js';`,
  'apps/console/web/src/main.ts': `import './screens/orders/routes.ts';`,
  'apps/console/web/src/screens/orders/routes.ts': `import './order-screen.ts';`,
  'apps/console/web/src/screens/orders/order-screen.ts': `export const screen = 1;`,
  'apps/console/web/src/eager.ts': `import './screens/orders/order-screen.ts';`,
  'apps/console/web/src/computes.ts': `import '../../../../libs/kernel/src/money.ts';`,
  'tools/token.ts': '',
};

const packages = ['zod', 'bullmq', 'amqplib', '@nestjs/common'];

/** Law and offender of every violation, as dependency-cruiser finds them with the project's own configuration. */
async function violationsIn(files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'matricula-laws-'));
  try {
    for (const name of ['.dependency-cruiser.mjs', 'package.json', 'tsconfig.json']) {
      await cp(join(root, name), join(folder, name));
    }
    await cp(join(root, 'test/laws'), join(folder, 'test/laws'), { recursive: true });
    for (const name of packages) {
      await put(join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, main: 'index.js' }));
      await put(join(folder, 'node_modules', name, 'index.js'), '');
    }
    for (const [path, text] of Object.entries(files)) await put(join(folder, path), text);
    const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = [tool, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'apps', 'libs'];
    const { stdout } = await run(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 26 });
    const { summary } = JSON.parse(stdout) as { summary: { violations: { rule: { name: string }; from: string }[] } };
    return summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`).sort();
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const offences = [
  ['a cycle', 'no-cycles: libs/messaging/src/egg.ts'],
  ['an import that leads nowhere', 'every-import-is-found: libs/messaging/src/lost.ts'],
  ['a contract that imports the kernel', 'contracts-know-only-zod: libs/contracts/src/sinner.ts'],
  ['a kernel that imports a neighbour', 'kernel-stands-alone: libs/kernel/src/sinner.ts'],
  ['a library that imports an app', 'libs-know-no-app: libs/jobs/src/sinner.ts'],
  ['an app that imports another app', 'apps-know-no-other-app: apps/payments/src/sinner.ts'],
  ['an app that imports a tool', 'apps-know-no-tool: apps/orders/src/orders/uses-tool.ts'],
  ['code that imports an edge', 'edges-are-known-to-wiring-alone: apps/orders/src/orders/calls-edge.ts'],
  ['code that imports a job', 'edges-are-known-to-wiring-alone: apps/orders/src/orders/calls-job.ts'],
  ['a page that imports code of the server', 'pages-import-no-server-code: apps/console/web/src/computes.ts'],
  ['a page that loads a screen of a role', 'screens-are-known-to-routes-alone: apps/console/web/src/eager.ts'],
  ['a ledger that imports a sibling', 'ledger-imports-no-sibling: apps/payments/src/ledger/post-transfers.ts'],
  ['a domain noun that imports the framework', 'domain-is-pure: apps/orders/src/orders/domain/order.ts'],
  ['a domain noun that imports a store', 'domain-calls-nobody: apps/orders/src/holds/domain/hold.ts'],
  ['a store that imports a use case', 'stores-decide-nothing: apps/orders/src/orders/decides.store.ts'],
  ['an app that imports the broker', 'broker-is-known-to-messaging-alone: apps/orders/src/orders/publishes.ts'],
  ['an app that imports BullMQ', 'bullmq-is-known-to-jobs-alone: apps/orders/src/orders/queues.ts'],
] as const;

describe('the laws of import direction', () => {
  let violations: string[];

  beforeAll(async () => {
    violations = await violationsIn(project);
  });

  it.each(offences)('catch %s', (_, violation) => {
    expect(violations).toContain(violation);
  });

  it('leave everybody else alone', () => {
    const known = new Set<string>(offences.map(([, violation]) => violation));
    // A cycle is reported from each of its ends.
    expect(violations.filter((violation) => !known.has(violation) && !violation.startsWith('no-cycles'))).toEqual([]);
  });
});
