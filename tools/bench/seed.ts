import pg from 'pg';
import type { Environment } from './environment.ts';

/**
 * Rows by the hundred thousand, written as the services would have written them: the ledger through its own functions,
 * orders as their use cases leave them. Ids count up like the real ones, which grow with time.
 */

export const currency = 'EUR';
export const priceMinor = 5_000;

const batchSize = 5_000;
const oneClass = '01900000-0000-7000-8000-c00000000000';
const noCause = `row(null, null, null, null)::cause`;

/** Orders in one class, each of a person of its own, that wait for their money. */
export interface OpenOrders {
  readonly count: number;
  readonly classId: string;
  orderId(index: number): string;
  personId(index: number): string;
}

/** Opens `count` orders. `series` keeps the orders of one call apart from those of another; up to 65,535 of them. */
export async function seedOpenOrders(environment: Environment, series: number, count: number): Promise<OpenOrders> {
  const orders = seriesOf(series, count);
  await inSubscriptions(environment, async (sql) => {
    await seedClass(sql);
    await sql(
      `insert into persons select ${personId(series)}, 'Person ' || i, 'person ' || i, 'person-${series}-' || i,
      'person-${series}-' || i || '@example.org', 'person-${series}-' || i || '@example.org', false, 1, now() from generate_series(0, $1 - 1) i`,
      [count],
    );
    await sql(insertOrders(series, 'opened'), [count]);
    await sql(`update classes set seats_taken = seats_taken + $1`, [count]);
  });
  await inPayments(environment, async (sql) => {
    for (const [from, to] of batches(count)) {
      await sql(`select open_receivables(${orderEvents(series)}, now())`, [from, to]);
    }
  });
  return orders;
}

/** What years leave behind: orders that were paid, closed and settled, and money that stayed on accounts. */
export async function seedHistory(
  environment: Environment,
  { orders, entries }: { readonly orders: number; readonly entries: number },
  say: (text: string) => void,
): Promise<void> {
  const series = 0xffff;
  await inSubscriptions(environment, async (sql) => {
    await seedClass(sql);
    await sql(
      `insert into persons select ${personId(series)}, 'Person ' || i, 'person ' || i, 'veteran-' || i,
      'veteran-' || i || '@example.org', 'veteran-' || i || '@example.org', false, 1, now() from generate_series(0, $1 - 1) i`,
      [orders],
    );
    await sql(insertOrders(series, 'closed'), [orders]);
    await sql(`insert into enrolments (order_id, id, person_id, class_id, start_date, enrolled_at)
      select id, id, person_id, class_id, start_date, closed_at from orders where state = 'closed' order by id
      on conflict do nothing`);
    await sql(`insert into subscriptions (id, person_id, class_id, state, version, started_at)
      select id, person_id, class_id, 'active', 1, closed_at from orders where state = 'closed' order by id
      on conflict do nothing`);
    await sql(`update classes set seats_taken = seats_taken + $1`, [orders]);
    await sql('analyze');
  });
  say(`${orders.toLocaleString('en')} orders in subscriptions`);
  await inPayments(environment, async (sql) => {
    for (const [from, to] of batches(orders)) {
      await sql(`select open_receivables(${orderEvents(series)}, now())`, [from, to]);
      await sql(`select count(*) from receive_webhooks(${notices(series, 'for its order', true)}, now())`, [from, to]);
      await sql(`select count(*) from settle_receivables(${orderEvents(series)}, now())`, [from, to]);
      await sql('truncate outbox');
    }
    // An order leaves four entries, a payment that stays on its account two.
    for (const [from, to] of batches(Math.max(0, Math.ceil((entries - 4 * orders) / 2)))) {
      await sql(`select count(*) from receive_webhooks(${notices(series, 'to keep', false)}, now())`, [from, to]);
      await sql('truncate outbox');
    }
    await sql('vacuum analyze');
    const [counted] = await sql<{ entries: string }>('select count(*) as entries from entry');
    say(`${Number(counted?.entries).toLocaleString('en')} entries in the ledger`);
  });
}

type Sql = <Row>(text: string, values?: unknown[]) => Promise<Row[]>;

async function inDatabase(url: string, work: (sql: Sql) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(async (text, values) => (await client.query(text, values)).rows);
    // The events of seeding are not published.
    await client.query('truncate outbox');
  } finally {
    await client.end();
  }
}

const inSubscriptions = (environment: Environment, work: (sql: Sql) => Promise<void>) =>
  inDatabase(environment.databaseUrl('subscriptions'), work);
const inPayments = (environment: Environment, work: (sql: Sql) => Promise<void>) =>
  inDatabase(environment.databaseUrl('payments'), work);

function seriesOf(series: number, count: number): OpenOrders {
  const hex = (index: number) => index.toString(16).padStart(12, '0');
  const prefix = series.toString(16).padStart(4, '0');
  return {
    count,
    classId: oneClass,
    orderId: (index) => `01900000-${prefix}-7000-8001-${hex(index)}`,
    personId: (index) => `01900000-${prefix}-7000-8002-${hex(index)}`,
  };
}

const idOf = (series: number, kind: string) =>
  `('01900000-${series.toString(16).padStart(4, '0')}-7000-${kind}-' || lpad(to_hex(i), 12, '0'))::uuid`;
const orderId = (series: number) => idOf(series, '8001');
const personId = (series: number) => idOf(series, '8002');

/** The place in the set, from 1. */
const position = 'i - $1::int + 1';

function orderEvents(series: number): string {
  return `array(select row(${position}, ${orderId(series)}, ${personId(series)}, '${oneClass}', ${priceMinor}, '${currency}',
    0, now(), null, ${noCause})::order_event from generate_series($1::int, $2::int) i)`;
}

/** The request of one webhook and the body that it came with, as two arrays in the same order. */
function notices(series: number, purpose: string, forOrder: boolean): string {
  const reference = `'${purpose} ' || i`;
  return `array(select row(${position}, 'standard', ${reference}, sha256(convert_to(${reference}, 'UTF8')), 'payment',
      null, '{}',
      row(${position}, 'standard', ${reference}, ${priceMinor}, '${currency}', ${personId(series)}::text,
        ${forOrder ? `${orderId(series)}::text` : 'null'}, null, null, ${noCause}, false, 0, 0, 0)::payment_notice
    )::webhook_notice from generate_series($1::int, $2::int) i),
    array(select convert_to(${reference}, 'UTF8') from generate_series($1::int, $2::int) i)`;
}

/** The class of all seeded orders, by the rule that the API has made. */
async function seedClass(sql: Sql): Promise<void> {
  await sql(`insert into rule_versions (rule_id, version, title, description, method, template, examples, published_at)
    values ('${oneClass}', 1, 'Single payment', '', 'single_payment', '[]', '[]', now()) on conflict do nothing`);
  await sql(`insert into classes (id, title, description, rule_id, rule_version, parameters, time_zone, currency, capacity,
      seats_taken, approval_required, payment_window_hours, published_at)
    values ('${oneClass}', 'A class', '', '${oneClass}', 1, '{"price": ${priceMinor}}', 'Europe/Berlin', '${currency}',
      null, 0, false, 48, now()) on conflict do nothing`);
}

function insertOrders(series: number, state: 'opened' | 'closed'): string {
  const closed = state === 'closed';
  return `insert into orders (id, person_id, class_id, state, rule_id, rule_version, parameters, trace, amount_minor,
      currency, start_date, approval_required, opened_at, expires_at, transfer_id, confirmed_at, closed_at, settled_at,
      subscription_id)
    select ${orderId(series)}, ${personId(series)}, '${oneClass}', '${state}', '${oneClass}', 1,
      '{"price": ${priceMinor}}', '[]', ${priceMinor}, '${currency}', current_date, false, now(), now() + interval '48 hours',
      ${closed ? `${orderId(series)}, now(), now(), now()` : 'null, null, null, null'}, ${orderId(series)}
    from generate_series(0, $1 - 1) i`;
}

function* batches(count: number): Generator<[from: number, to: number]> {
  for (let from = 0; from < count; from += batchSize) yield [from, Math.min(count, from + batchSize) - 1];
}
