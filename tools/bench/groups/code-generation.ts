import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Environment } from '../environment.ts';
import type { Measure } from '../measure.ts';
import { atMost, type Row } from '../table.ts';

const run = promisify(execFile);

/** From the request to the last code, as an admin sees it, beside the same rows by COPY and their unique index. */
export async function measureGeneration({ environment, sizes }: Measure): Promise<Row[]> {
  const { generatedCodes } = sizes;
  await environment.startServices('gateway', 'promotions');
  try {
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${environment.urls.gateway}/api/admin/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await environment.issuer.token('admin', 'bench')}`,
          'content-type': 'application/json',
        },
        body: body ? JSON.stringify(body) : undefined,
      });
      const said = (await answer.json()) as Record<string, unknown>;
      if (!answer.ok) throw new Error(`${path}: ${JSON.stringify(said)}`);
      return said;
    };
    const terms = { kind: 'bonus', percent_bp: 1_000 };
    const began = performance.now();
    const { batch_id: batchId } = await ask('POST', 'promo-codes/generate', {
      pattern: 'SPRING-####-????',
      count: generatedCodes,
      terms,
    });
    for (;;) {
      const { state, done } = await ask('GET', `promo-code-batches/${batchId}`);
      if (state === 'done' && done === generatedCodes) break;
      if (state !== 'waiting' && state !== 'running') throw new Error(`the generation is ${state} after ${done} codes`);
      await sleep(50);
    }
    const elapsed = (performance.now() - began) / 1_000;
    const copied = await copySame(environment, String(batchId));
    return [
      atMost(
        'promotions',
        `${generatedCodes} codes generated, from the request to the last`,
        { value: elapsed, reference: copied, unit: 's' },
        2,
      ),
    ];
  } finally {
    await environment.stopServices();
  }
}

/** Seconds that the database needs for the same rows by COPY from a file, and for the index that keeps them unique. */
async function copySame(environment: Environment, batchId: string): Promise<number> {
  const psql = join(dirname(environment.pgbench), 'psql');
  const file = join(tmpdir(), `matricula-codes-${process.pid}.copy`);
  const databaseUrl = environment.databaseUrl('promotions');
  const sql = (...commands: string[]) => run(psql, ['-qX', databaseUrl, ...commands.flatMap((text) => ['-c', text])]);
  try {
    await sql(
      `\\copy (select * from promo_code where batch_id = '${batchId}') to '${file}'`,
      'create schema reference',
      'create table reference.promo_code (like promo_code including defaults including constraints)',
    );
    const began = performance.now();
    await sql(`\\copy reference.promo_code from '${file}'`, 'create unique index on reference.promo_code (folded)');
    return (performance.now() - began) / 1_000;
  } finally {
    await sql('drop schema if exists reference cascade');
    await rm(file, { force: true });
  }
}
