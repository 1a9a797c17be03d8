import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Counter, openCounter } from '../counter.ts';
import type { Environment } from '../environment.ts';
import { fire, wireRequest } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { beside, measureScript } from '../reference.ts';
import { seedApplications } from '../seed-applications.ts';
import { figureRow, type Row, rateRow } from '../table.ts';

const group = 'promotions';
const clients = 32;

/** What everybody does who keeps a limit: one guarded update of one row, and the use beside it; 32 clients. */
const guardedUse = {
  schema: `
    drop schema if exists reference cascade;
    create schema reference;
    create table reference.code (id int primary key, used bigint not null, max_uses bigint not null) with (fillfactor = 50);
    create table reference.use (id bigint generated always as identity primary key, code_id int not null, conversion text not null unique);
    insert into reference.code values (1, 0, 1000000000000);
  `,
  script: `
\\set conversion random(1, 9000000000000000)
begin;
update reference.code set used = used + 1 where id = 1 and used < max_uses;
insert into reference.use (code_id, conversion) values (1, 'c' || :conversion) on conflict do nothing;
commit;
`,
};

/** Codes that hold their limits under load, numbers that need no counting, and codes by the hundred thousand. */
export async function measurePromotions(measure: Measure): Promise<Row[]> {
  const { environment } = measure;
  const databaseUrl = environment.databaseUrl('promotions');
  return [
    // First: the service would otherwise be busy with what the other rows leave behind for its jobs.
    ...(await measureGeneration(environment)),
    ...(await measureRedeeming(measure)),
    ...(await measureOverRpc(measure)),
    ...(await measureRaces(databaseUrl)),
    ...(await measureAnalytics(databaseUrl)),
  ];
}

function besideGuardedUse<Result>({ environment, seconds }: Measure, work: () => Promise<Result>) {
  const { pgbench } = environment;
  const given = { databaseUrl: environment.databaseUrl('promotions'), pgbench, seconds: Math.min(seconds, 5), clients };
  return beside(() => measureScript({ ...given, ...guardedUse }), work);
}

async function measureRedeeming(measure: Measure): Promise<Row[]> {
  const databaseUrl = measure.environment.databaseUrl('promotions');
  const [codeId] = await seedCodes(databaseUrl, { kind: 'bonus', limits: [1_000_000_000] });
  const counter = await openCounter(databaseUrl);
  try {
    const redeemForSeconds = async () => {
      let redeemed = 0;
      const began = performance.now();
      const until = began + measure.seconds * 1_000;
      const call = async (caller: number) => {
        for (let turn = 0; performance.now() < until; turn += 1) {
          if (!(await counter.redeem(codeId as string, caller * 7_919 + turn))) throw new Error('a use was refused');
          redeemed += 1;
        }
      };
      await Promise.all(Array.from({ length: clients }, (_, caller) => call(caller)));
      return redeemed / ((performance.now() - began) / 1_000);
    };
    await redeemForSeconds();
    const measured = await besideGuardedUse(measure, redeemForSeconds);
    return [rateRow(group, `redeem on one hot code in process, ${clients} clients`, measured, 4)];
  } finally {
    await counter.close();
  }
}

const races = 10_000;
const racesAtOnce = 32;
const instances = 4;

/** Each race has 32 who want one of fewer uses, from four instances of the service that know nothing of each other. */
async function measureRaces(databaseUrl: string): Promise<Row[]> {
  const limits = Array.from({ length: races }, (_, race) => 1 + (race % (clients - 1)));
  const codeIds = await seedCodes(databaseUrl, { kind: 'bonus', limits });
  const counters = await Promise.all(Array.from({ length: instances }, () => openCounter(databaseUrl)));
  try {
    let next = 0;
    let tooMany = 0;
    let tooFew = 0;
    const run = async () => {
      for (let race = next++; race < races; race = next++) {
        const wins = await Promise.all(
          Array.from({ length: clients }, (_, caller) =>
            (counters[caller % instances] as Counter).redeem(codeIds[race] as string, race * clients + caller),
          ),
        );
        const over = wins.filter(Boolean).length - (limits[race] as number);
        if (over > 0) tooMany += over;
        else tooFew -= over;
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: racesAtOnce }, run));
    const elapsedSeconds = (performance.now() - began) / 1_000;
    return [
      mustBeNone(`uses beyond the limit, in ${races} races of ${clients} over ${instances} instances`, tooMany),
      mustBeNone('refusals while uses remained', tooFew),
      figureRow(group, 'uses decided in those races', (races * clients) / elapsedSeconds, '/s'),
    ];
  } finally {
    await Promise.all(counters.map((counter) => counter.close()));
  }
}

const connections = 64;

/** What the parts of an order that concern codes cost: asking beforehand, and holding when it is opened. */
async function measureOverRpc(measure: Measure): Promise<Row[]> {
  const { environment, seconds } = measure;
  const databaseUrl = environment.databaseUrl('promotions');
  await seedCodes(databaseUrl, { kind: 'discount', limits: [1_000_000_000], prefix: 'HOT' });
  await environment.startServices('gateway', 'promotions');
  const counter = await openCounter(databaseUrl, environment.brokerUrls.subscriptions);
  try {
    const target = new URL(`${environment.urls.gateway}/api/promo-codes/validate`);
    const headers = {
      authorization: `Bearer ${await environment.issuer.token('admin', 'bench')}`,
      'content-type': 'application/json',
    };
    const offer = { offer_id: 'bench', amount_minor: 5_000, currency: 'EUR' };
    let index = 0;
    const next = () => {
      const body = { person_id: counter.personId(index++), promo_code: 'HOT-0', ...offer };
      return wireRequest('POST', target, headers, JSON.stringify(body));
    };
    const load = { url: target.href, connections, seconds, next };
    await fire(load);
    const { result: validated, reference } = await besideGuardedUse(measure, () => fire(load));
    if (validated.statuses['200'] !== validated.answers) {
      throw new Error(`answered ${JSON.stringify(validated.statuses)}`);
    }

    const holdForSeconds = async () => {
      let held = 0;
      const began = performance.now();
      const until = began + seconds * 1_000;
      const call = async () => {
        while (performance.now() < until) {
          await counter.hold({ codes: ['HOT-0'], ...offer });
          held += 1;
        }
      };
      await Promise.all(Array.from({ length: connections }, call));
      return held / ((performance.now() - began) / 1_000);
    };
    await holdForSeconds();
    const held = await besideGuardedUse(measure, holdForSeconds);
    const title = `validate through the gateway, ${connections} connections`;
    return [
      rateRow(group, title, { result: validated.perSecond, reference }, 0.5),
      figureRow(group, 'validate, p99', validated.p99, 'ms'),
      rateRow(group, `hold over RPC, ${connections} callers`, held, 0.5),
    ];
  } finally {
    await counter.close();
    await environment.stopServices();
  }
}

const generated = 100_000;
const run = promisify(execFile);

/** From the request to the last code, as an admin sees it, beside the same rows by COPY and their unique index. */
async function measureGeneration(environment: Environment): Promise<Row[]> {
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
      count: generated,
      terms,
    });
    for (;;) {
      const { state, done } = await ask('GET', `promo-code-batches/${batchId}`);
      if (state === 'done' && done === generated) break;
      if (state !== 'waiting' && state !== 'running') throw new Error(`the generation is ${state} after ${done} codes`);
      await sleep(50);
    }
    const elapsed = (performance.now() - began) / 1_000;
    const copied = await copySame(environment, String(batchId));
    return [atMost(`${generated} codes generated, from the request to the last`, elapsed, copied, 's', 2)];
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

const few = 1_000_000;
const many = 10_000_000;
const readings = 300;

/**
 * Two codes with the same offers and days; one has ten times as many applications. Both have some that no job has seen
 * yet.
 */
async function measureAnalytics(databaseUrl: string): Promise<Row[]> {
  const [fewId, manyId] = (await seedCodes(databaseUrl, { kind: 'bonus', limits: [null, null] })) as [string, string];
  await seedApplications(databaseUrl, fewId, few);
  await seedApplications(databaseUrl, manyId, many);
  const counter = await openCounter(databaseUrl);
  try {
    const counted = await countOf(databaseUrl, fewId);
    const read = await counter.offerAnalytics(fewId);
    if (JSON.stringify(read) !== JSON.stringify(counted.offers)) throw new Error('analytics and a count do not agree');
    // In turn, so that other load on the machine meets both.
    const times: Record<string, number[]> = { [fewId]: [], [manyId]: [] };
    for (let reading = 0; reading < readings; reading += 1) {
      for (const codeId of [fewId, manyId]) {
        const began = performance.now();
        await counter.offerAnalytics(codeId);
        times[codeId]?.push(performance.now() - began);
      }
    }
    const [fewMs, manyMs] = [fewId, manyId].map((codeId) => median(times[codeId] as number[])) as [number, number];
    return [
      figureRow(group, `offer-analytics at ${few} applications, median`, fewMs, 'ms'),
      atMost(`offer-analytics at ${many} applications, median`, manyMs, fewMs, 'ms', 1.2),
      {
        group,
        row: `counting ${few} applications, beside their analytics`,
        value: counted.ms,
        unit: 'ms',
        reference: fewMs,
        ratio: counted.ms / fewMs,
        must: '>= 100 x',
      },
    ];
  } finally {
    await counter.close();
  }
}

async function countOf(databaseUrl: string, codeId: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const times: number[] = [];
    let rows: { offer_id: string; uses: string; total: string; persons: string }[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const began = performance.now();
      rows = (
        await client.query(
          `select offer_id, count(*) as uses, sum(benefit_minor) as total, count(distinct person_id) as persons
           from redemption_entry where code_id = $1 group by offer_id order by count(*) desc, offer_id collate "C"`,
          [codeId],
        )
      ).rows;
      times.push(performance.now() - began);
    }
    const offers = rows.map(({ offer_id, uses, total, persons }) => [
      offer_id,
      Number(uses),
      Number(total) / 100,
      Number(persons),
    ]);
    return { ms: median(times), offers };
  } finally {
    await client.end();
  }
}

/** Codes as an admin would have made them, one for each limit. Answers their ids. */
async function seedCodes(
  databaseUrl: string,
  { kind, limits, prefix = `BENCH-${process.pid}-${Date.now()}` }: SeededCodes,
): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>(
      `insert into promo_code (id, code, folded, kind, percent_bp, currency, max_uses, status, created_at, updated_at, created_by)
       select uuid_v7(), $1 || '-' || place - 1, upper($1 || '-' || place - 1), $2, 1000, 'EUR', max_uses, 'active', now(),
         now(), 'bench'
       from unnest($3::bigint[]) with ordinality as code (max_uses, place)
       order by place
       on conflict (folded, (case when status = 'archived' then id end)) do update set updated_at = excluded.updated_at
       returning id`,
      [prefix, kind, limits],
    );
    return rows.map(({ id }) => id);
  } finally {
    await client.end();
  }
}

interface SeededCodes {
  readonly kind: 'bonus' | 'discount';
  readonly limits: readonly (number | null)[];
  readonly prefix?: string;
}

function mustBeNone(row: string, count: number): Row {
  return { group, row, value: count, unit: '', reference: null, ratio: count, must: '<= 0' };
}

function atMost(row: string, value: number, reference: number, unit: string, times: number): Row {
  return { group, row, value, unit, reference, ratio: value / reference, must: `<= ${times} x` };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
