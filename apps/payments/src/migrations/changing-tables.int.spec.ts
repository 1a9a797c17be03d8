import { expect, it } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { newId } from '#kernel/ids.js';
import { ormOptions } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import { Transactions } from '#persistence/transaction.js';
import { testDatabase } from '../../../../test/support/servers/test-database.js';
import { at, cause } from '../../test/ledger-fixture.js';
import { paymentsDatabase } from '../database.js';
import { registerPayments } from '../payments/register-payments.js';
import { verifyLedger } from '../verification/verify-ledger.js';

it('payments go on while their tables change, and none loses against that', async () => {
  const database = await testDatabase(async (url) => {
    const { migrations, ...rest } = paymentsDatabase(url);
    const before = migrations.findIndex(({ name }) => name === '2026-11-22-leaner-rows');
    await migrate({ ...rest, migrations: migrations.slice(0, before) });
  });
  const orm = await MikroORM.init(ormOptions({ ...paymentsDatabase(database.url), poolMax: 4 }));
  try {
    const sql = new Transactions(orm);
    // The functions are those of today, which give a payment's transfer no source key.
    await sql.query('alter table transfer alter column source_key drop not null');
    const pay = async () => {
      const told = { provider: 'cash', amountMinor: 100, currency: 'EUR', orderNamed: null, cause };
      const notices = Array.from({ length: 20 }, () => ({ ...told, reference: newId(), personNamed: newId() }));
      const answers = await registerPayments(sql, notices, at);
      expect(answers.map(({ verdict }) => verdict)).toEqual(notices.map(() => 'registered'));
    };
    let migrated = false;
    const payer = async () => {
      do await pay();
      while (!migrated);
    };
    const change = () =>
      migrate(paymentsDatabase(database.url)).finally(() => {
        migrated = true;
      });
    await pay();
    await Promise.all([change(), payer(), payer(), payer()]);
    expect((await verifyLedger(database.url)).violations).toEqual([]);
  } finally {
    await orm.close(true);
    await database.drop();
  }
});
