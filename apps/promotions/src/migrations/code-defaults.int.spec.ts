import { expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '#persistence/migrate.js';
import { testDatabase } from '../../../../test/support/servers/test-database.js';
import { promotionsDatabase } from '../database.js';

it('rows made before a field existed get the defaults, and keep what they say', async () => {
  const database = await testDatabase(async (url) => {
    const { migrations, ...rest } = promotionsDatabase(url);
    await migrate({ ...rest, migrations: migrations.slice(0, 1) });
  });
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => {}); // the drop cuts it off
  await client.connect();
  try {
    const insert = (code: string, activeHours: object) =>
      client.query(
        `insert into promo_code (id, code, folded, kind, percent_bp, active_hours, created_at, updated_at, created_by)
         values (gen_random_uuid(), $1, $1, 'bonus', 1, $2, now(), now(), 'test')`,
        [code, JSON.stringify(activeHours)],
      );
    const whole = { enabled: true, start_time: '22:00', end_time: '02:00', timezone: 'Asia/Kolkata' };
    await insert('NOTHING', {});
    await insert('HALF', { enabled: true, start_time: '06:00', timezone: null });
    await insert('WHOLE', whole);
    await migrate(promotionsDatabase(database.url));
    const { rows } = await client.query(
      'select code, active_hours, auto_deactivate_on_max_uses from promo_code order by code',
    );
    const hours = { enabled: false, start_time: '00:00', end_time: '23:59', timezone: 'UTC' };
    expect(rows).toEqual([
      {
        code: 'HALF',
        active_hours: { ...hours, enabled: true, start_time: '06:00' },
        auto_deactivate_on_max_uses: true,
      },
      { code: 'NOTHING', active_hours: hours, auto_deactivate_on_max_uses: true },
      { code: 'WHOLE', active_hours: whole, auto_deactivate_on_max_uses: true },
    ]);
    await expect(insert('LATER', { enabled: true })).rejects.toThrow('active_hours_are_whole');
  } finally {
    await client.end();
    await database.drop();
  }
});
