import pg from 'pg';

/** Codes as an admin would have made them, one for each limit. Answers their ids. */
export async function seedCodes(
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
