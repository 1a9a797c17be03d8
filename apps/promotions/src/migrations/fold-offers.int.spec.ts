import { expect, it } from '@jest/globals';
import pg from 'pg';
import { newId } from '#kernel/ids.js';
import { migrate } from '#persistence/migrate.js';
import { testDatabase } from '../../../../test/support/servers/test-database.js';
import { promotionsDatabase } from '../database.js';
import { offerIdOf } from '../offers/domain/offer.js';

it('codes name offers as they are known, in the order in which they stood', async () => {
  const database = await testDatabase(async (url) => {
    const { migrations, ...rest } = promotionsDatabase(url);
    await migrate({ ...rest, migrations: migrations.slice(0, 3) });
  });
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => {}); // the drop cuts it off
  await client.connect();
  try {
    const named = {
      MIXED: [newId().toUpperCase(), 'Shop-A', newId(), newId().toUpperCase()],
      NONE: [],
      // Neither is a UUID: the version of one is none, and the other is another system's id.
      OTHERS: ['AAAAAAAA-AAAA-9AAA-8AAA-AAAAAAAAAAAA', `${newId()}X`.toUpperCase()],
      SPACED: ['Shop-A ', ` ${newId().toUpperCase()}`, '\u{a0}\tShop B\n', 'Shop-C', '\u{feff}', '…\u{2003}'],
    };
    for (const [code, offers] of Object.entries(named)) {
      await client.query(
        `insert into promo_code (id, code, folded, kind, percent_bp, offers_rule, offers, created_at, updated_at, created_by)
         values (gen_random_uuid(), $1, $1, 'bonus', 1, $3, $2, now(), now(), 'test')`,
        [code, offers, offers.length > 0 ? 'all_but' : 'all'],
      );
    }
    await migrate(promotionsDatabase(database.url));
    const { rows } = await client.query('select code, offers from promo_code order by code');
    expect(rows).toEqual(
      Object.entries(named).map(([code, offers]) => ({ code, offers: offers.map((offer) => offerIdOf(offer.trim())) })),
    );
    expect(rows[0].offers).not.toEqual(named.MIXED);
  } finally {
    await client.end();
    await database.drop();
  }
});
