import pg from 'pg';
import { openCounter } from '../counter.ts';
import type { Measure } from '../measure.ts';
import { seedApplications } from '../seed-applications.ts';
import { seedCodes } from '../seed-codes.ts';
import { atMost, figureRow, type Row } from '../table.ts';

const group = 'promotions';
const readings = 300;

/**
 * Two codes with the same offers and days; one has ten times as many applications. Both have some that no job has seen
 * yet.
 */
export async function measureAnalytics({ environment, sizes }: Measure): Promise<Row[]> {
  const databaseUrl = environment.databaseUrl('promotions');
  const { few, many } = sizes.applications;
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
      atMost(
        group,
        `offer-analytics at ${many} applications, median`,
        { value: manyMs, reference: fewMs, unit: 'ms' },
        1.2,
      ),
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

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
