import { MikroORM } from '@mikro-orm/postgresql';
import { built } from '../built.ts';
import type { Measure } from '../measure.ts';
import { currency, priceMinor } from '../seed.ts';
import { type Row, rateRow } from '../table.ts';

const callers = 64;

/** The ledger by itself: payments handed to the batcher by callers who each wait for their answer. */
export async function measureLedger({ environment, seconds, beside }: Measure): Promise<Row[]> {
  const { registerPayments } = await built<
    typeof import('../../../apps/payments/src/payments/registering/register-payments.js')
  >('apps/payments/src/payments/registering/register-payments.js');
  const { MicroBatcher } = await built<typeof import('#persistence/micro-batcher.js')>(
    'libs/persistence/src/micro-batcher.js',
  );
  const { ormOptions } = await built<typeof import('../../../libs/persistence/src/database.js')>(
    'libs/persistence/src/database.js',
  );
  const { Transactions } = await built<typeof import('../../../libs/persistence/src/transaction.js')>(
    'libs/persistence/src/transaction.js',
  );
  const orm = await MikroORM.init(
    ormOptions({ url: environment.databaseUrl('payments'), entities: [], migrations: [] }),
  );
  try {
    const transactions = new Transactions(orm);
    const batcher = new MicroBatcher(
      (notices: Parameters<typeof registerPayments>[1][number][]) =>
        registerPayments(transactions, notices, Temporal.Now.instant()),
      { batchesAtOnce: 2 },
    );
    /** How many payments are registered per second by callers who keep on for `seconds`. */
    const registerForSeconds = async () => {
      const run = `${process.pid}-${Date.now()}`;
      let registered = 0;
      const began = performance.now();
      const ends = began + seconds * 1_000;
      const call = async (caller: number) => {
        for (let turn = 0; performance.now() < ends; turn += 1) {
          const { verdict } = await batcher.submit({
            provider: 'standard',
            reference: `${run}-${caller}-${turn}`,
            amountMinor: priceMinor,
            currency,
            personNamed: personOf((caller * 7_919 + turn) % 10_000),
            orderNamed: null,
            cause: { traceparent: undefined, correlationId: run },
          });
          if (verdict !== 'registered') throw new Error(`a new payment is ${verdict}`);
          registered += 1;
        }
      };
      await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
      return registered / ((performance.now() - began) / 1_000);
    };
    await transactions.query(
      `insert into person select ('01900000-0000-7000-8003-' || lpad(to_hex(i), 12, '0'))::uuid, now()
       from generate_series(0, 9999) i on conflict do nothing`,
    );
    await registerForSeconds();
    const measured = await beside(registerForSeconds);
    await transactions.query('truncate outbox');
    return [rateRow('ledger', `batcher in process, ${callers} callers`, measured, 6)];
  } finally {
    await orm.close(true);
  }
}

function personOf(index: number): string {
  return `01900000-0000-7000-8003-${index.toString(16).padStart(12, '0')}`;
}
