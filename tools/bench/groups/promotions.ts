import { type Counter, openCounter } from '../counter.ts';
import { fire, wireRequest } from '../http-load.ts';
import type { Measure } from '../measure.ts';
import { beside, measureScript } from '../reference.ts';
import { seedCodes } from '../seed-codes.ts';
import { figureRow, type Row, rateRow } from '../table.ts';
import { measureAnalytics } from './analytics.ts';
import { measureGeneration } from './code-generation.ts';

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
  return [
    // First: the service would otherwise be busy with what the other rows leave behind for its jobs.
    ...(await measureGeneration(measure)),
    ...(await measureRedeeming(measure)),
    ...(await measureOverRpc(measure)),
    ...(await measureRaces(measure)),
    ...(await measureAnalytics(measure)),
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

const racesAtOnce = 32;
const instances = 4;

/** Each race has 32 who want one of fewer uses, from four instances of the service that know nothing of each other. */
async function measureRaces({ environment, sizes: { races } }: Measure): Promise<Row[]> {
  const databaseUrl = environment.databaseUrl('promotions');
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
    if ((validated.statuses['200'] ?? 0) !== validated.answers) {
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

function mustBeNone(row: string, count: number): Row {
  return { group, row, value: count, unit: '', reference: null, ratio: count, must: '<= 0' };
}
