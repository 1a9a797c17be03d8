import pg from 'pg';

const offers = 20;
const days = 90;
const entriesAtOnce = 1_000_000;
/** Applications that no rollup holds yet when the analytics are read. */
const tail = 50;

/** How often somebody uses an offer in a row, and how many persons there are to each hundred applications. */
const inARow = 5;
const personsPerHundred = 4;

/**
 * A bonus code's applications of some months, by persons who come back: the entries as uses leave them, and the rollups
 * as the service's own job makes them, all but the last few.
 */
export async function seedApplications(databaseUrl: string, codeId: string, count: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let from = 0; from < count; from += entriesAtOnce) {
      await client.query(
        `insert into redemption_entry (code_id, entry_no, kind, redemption_id, person_id, offer_id, benefit_kind, benefit_minor, currency,
           revenue_minor, applied_at, at)
         select $1, i, 'redeemed', md5('use' || i)::uuid, md5('person' || turn % ($2 * ${personsPerHundred} / 100))::uuid,
           'offer-' || turn % ${offers},
           'bonus', 50 + i % 100, 'EUR', 5000, at, at
         from generate_series($3::bigint + 1, least($3 + ${entriesAtOnce}, $2::bigint)) as i,
           lateral (select timestamptz '2026-01-01T00:00:00Z' + i * (interval '${days} days' / $2), i / ${inARow}) as applied (at, turn)`,
        [codeId, count, from],
      );
      await client.query('update promo_code set used = $2, last_entry = $2 where id = $1', [
        codeId,
        Math.min(from + entriesAtOnce, count - tail),
      ]);
      await client.query('select roll_up(array[$1::uuid], $2)', [codeId, Math.min(entriesAtOnce, count - tail - from)]);
    }
    await client.query('update promo_code set used = $2, last_entry = $2, first_used_at = now() where id = $1', [
      codeId,
      count,
    ]);
    await client.query('vacuum (analyze) redemption_entry, rollup, rollup_person, rollup_visit');
  } finally {
    await client.end();
  }
}
