import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

type OrderState = 'opened' | 'confirmed' | 'closed' | 'cancelled' | 'expired';
type MoneyState = 'none' | 'pending' | 'posted' | 'voided';

/** What subscriptions says. */
interface Order {
  readonly order_id: string;
  readonly state: OrderState;
  readonly amount_minor: string;
  readonly currency: string;
  readonly person_id: string;
  readonly class_id: string;
  /** The reservation that confirmed it. */
  readonly transfer_id: string | null;
}

/** What payments says. */
interface Reservation {
  readonly order_id: string;
  readonly id: string;
  readonly state: Exclude<MoneyState, 'none'>;
  readonly amount_minor: string;
  readonly currency: string;
  readonly payer: string | null;
  readonly payee: string | null;
}

/** All that both databases say of one order. */
interface OrderAndMoney {
  readonly orderId: string;
  readonly order: Order | undefined;
  readonly reservations: readonly Reservation[];
}

/** `under way`: as it is between two messages, and for no longer. */
type Standing = 'agrees' | 'under way' | 'broken';

/**
 * How an order and its reservation stand to each other when the order was read first. Money is reserved before an order
 * is confirmed, posted after it is closed and voided after it has ended, each by a message; and neither goes back.
 */
const standings: Readonly<Record<OrderState, Readonly<Record<MoneyState, Standing>>>> = {
  opened: { none: 'agrees', pending: 'under way', posted: 'under way', voided: 'under way' },
  confirmed: { none: 'broken', pending: 'agrees', posted: 'under way', voided: 'under way' },
  closed: { none: 'broken', pending: 'under way', posted: 'agrees', voided: 'broken' },
  cancelled: { none: 'agrees', pending: 'under way', posted: 'broken', voided: 'agrees' },
  expired: { none: 'agrees', pending: 'under way', posted: 'broken', voided: 'agrees' },
};

interface Classified {
  readonly standing: Standing;
  readonly says: string;
}

/** Pure: how what both databases say of an order, read in the order of `standings`, fits together. */
function classify({ orderId, order, reservations }: OrderAndMoney): Classified {
  const [reservation, ...more] = reservations;
  const broken = (says: string): Classified => ({ standing: 'broken', says });
  if (!order) return broken(`order ${orderId} does not exist, its money is ${reservation?.state}`);
  if (more.length > 0) return broken(`order ${orderId} has ${reservations.length} reservations`);
  const says = `order ${orderId} is ${order.state}, its money is ${reservation?.state ?? 'not reserved'}`;
  if (order.amount_minor === '0') {
    return reservation ? broken(`${says}, and it costs nothing`) : { standing: 'agrees', says };
  }
  const terms = reservation && differenceOf(order, reservation);
  if (terms) return broken(`order ${orderId} ${terms}`);
  return { standing: standings[order.state][reservation?.state ?? 'none'], says };
}

function differenceOf(order: Order, { id, amount_minor, currency, payer, payee }: Reservation): string | undefined {
  if (order.amount_minor !== amount_minor || order.currency !== currency) {
    return `costs ${order.amount_minor} ${order.currency}, and ${amount_minor} ${currency} are reserved`;
  }
  if (order.person_id !== payer || order.class_id !== payee) {
    return `is of ${order.person_id} for ${order.class_id}; its money goes from ${payer} to ${payee}`;
  }
  if (order.transfer_id !== null && order.transfer_id !== id) {
    return `was confirmed by the reservation ${order.transfer_id}, and the ledger has ${id}`;
  }
  return undefined;
}

export interface Comparison {
  readonly orders: number;
  readonly reservations: number;
  readonly violations: readonly string[];
  /** What does not agree yet, and may because of what is under way. */
  readonly waiting: readonly string[];
  readonly underWay: readonly string[];
  /** How many more did not agree at first than are looked at again. */
  readonly leftOut: number;
}

export interface ComparisonSettings {
  /** Rows of one question; two pages are held at a time. */
  readonly pageRows?: number;
  /** How many orders that do not agree at first are looked at again. */
  readonly suspectsMax?: number;
  /** How long to wait for what is under way. */
  readonly patienceMs?: number;
  readonly pauseMs?: number;
}

/**
 * Compares every order with its money, in both directions: an order that costs something has exactly the reservation
 * that its state asks for, and no reservation is of any other. Orders and reservations are read in pages along their
 * ids, side by side, so that it holds two pages at most, and holds up nobody: no snapshot stays open.
 *
 * Work goes on meanwhile, and the two databases are never read at one moment. So what does not agree is looked at
 * again, the order first, until it does, or has stood still while `underWay` found nothing that could move it: then it
 * is broken.
 */
export async function compareOrdersAndMoney(
  urls: { readonly subscriptions: string; readonly payments: string },
  underWay: () => Promise<string[]>,
  { pageRows = 5_000, suspectsMax = 10_000, patienceMs = 20_000, pauseMs = 250 }: ComparisonSettings = {},
): Promise<Comparison> {
  await using subscriptions = await connected(urls.subscriptions);
  await using payments = await connected(urls.payments);
  const counted = { orders: 0, reservations: 0, leftOut: 0 };
  let suspects = new Map<string, string>();
  for await (const both of sideBySide(ordersIn(subscriptions, pageRows), reservationsIn(payments, pageRows))) {
    if (both.order) counted.orders += 1;
    counted.reservations += both.reservations.length;
    const { standing, says } = classify(both);
    if (standing === 'agrees') continue;
    if (suspects.size < suspectsMax) suspects.set(both.orderId, says);
    else counted.leftOut += 1;
  }

  const deadline = performance.now() + patienceMs;
  for (;;) {
    const found = suspects.size > 0 ? await underWay() : [];
    const classified = await lookAgain(subscriptions, payments, [...suspects.keys()], pageRows);
    const broken = classified.filter(({ standing }) => standing === 'broken').map(({ says }) => says);
    const waiting = classified.filter(({ standing }) => standing === 'under way');
    const stoodStill = waiting.every(({ orderId, says }) => suspects.get(orderId) === says);
    if (found.length === 0 && stoodStill) {
      return { ...counted, violations: [...broken, ...waiting.map(({ says }) => says)], waiting: [], underWay: [] };
    }
    if (waiting.length === 0 || performance.now() > deadline) {
      return { ...counted, violations: broken, waiting: waiting.map(({ says }) => says), underWay: found };
    }
    suspects = new Map(classified.map(({ orderId, says }) => [orderId, says]));
    await sleep(pauseMs);
  }
}

const orderColumns = 'id as order_id, state, amount_minor::text, currency, person_id, class_id, transfer_id';

/** `reserved` gives transfers; whose accounts they are between is looked up for those alone. */
const reservationsOf = (reserved: string) => `
  select t.order_id, t.id, t.state, t.amount_minor::text, t.currency, d.owner as payer, c.owner as payee
  from (${reserved}) t left join account d on d.id = t.debit_account left join account c on c.id = t.credit_account
  order by t.order_id, t.id`;

const noId = '00000000-0000-0000-0000-000000000000';

async function* ordersIn(client: pg.Client, pageRows: number): AsyncGenerator<Order> {
  for (let last = noId; ; ) {
    const { rows } = await client.query<Order>(
      `select ${orderColumns} from orders where id > $1 order by id limit $2`,
      [last, pageRows],
    );
    yield* rows;
    if (rows.length < pageRows) return;
    last = (rows.at(-1) as Order).order_id;
  }
}

async function* reservationsIn(client: pg.Client, pageRows: number): AsyncGenerator<Reservation> {
  for (let last = { order_id: noId, id: noId }; ; ) {
    const { rows } = await client.query<Reservation>(
      reservationsOf(`
        select * from transfer where (order_id, id) > ($1, $2) and movement = 'reserve' order by order_id, id limit $3`),
      [last.order_id, last.id, pageRows],
    );
    yield* rows;
    if (rows.length < pageRows) return;
    last = rows.at(-1) as Reservation;
  }
}

/** Both streams come in the order of the orders' ids; so does what they say of each order. */
async function* sideBySide(
  orders: AsyncIterator<Order>,
  reservations: AsyncIterator<Reservation>,
): AsyncGenerator<OrderAndMoney> {
  let order = (await orders.next()).value as Order | undefined;
  let reservation = (await reservations.next()).value as Reservation | undefined;
  while (order || reservation) {
    const orderId = [order?.order_id, reservation?.order_id].filter((id) => id !== undefined).sort()[0] as string;
    const both = { orderId, order: undefined as Order | undefined, reservations: [] as Reservation[] };
    if (order?.order_id === orderId) {
      both.order = order;
      order = (await orders.next()).value;
    }
    while (reservation?.order_id === orderId) {
      both.reservations.push(reservation);
      reservation = (await reservations.next()).value;
    }
    yield both;
  }
}

/** Each page of orders before its reservations. */
async function lookAgain(
  subscriptions: pg.Client,
  payments: pg.Client,
  orderIds: readonly string[],
  pageRows: number,
): Promise<(Classified & { orderId: string })[]> {
  const classified: (Classified & { orderId: string })[] = [];
  for (let from = 0; from < orderIds.length; from += pageRows) {
    const page = orderIds.slice(from, from + pageRows);
    const orders = await subscriptions.query<Order>(`select ${orderColumns} from orders where id = any ($1)`, [page]);
    const reserved = await payments.query<Reservation>(
      reservationsOf(`select * from transfer where order_id = any ($1) and movement = 'reserve'`),
      [page],
    );
    const byId = new Map(orders.rows.map((order) => [order.order_id, order]));
    const byOrder = Map.groupBy(reserved.rows, ({ order_id }) => order_id);
    for (const orderId of page) {
      const both = { orderId, order: byId.get(orderId), reservations: byOrder.get(orderId) ?? [] };
      classified.push({ orderId, ...classify(both) });
    }
  }
  return classified;
}

/** Reads only, and no statement for long. */
async function connected(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    options: '-c default_transaction_read_only=on -c statement_timeout=60000',
  });
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}

/** How many of what breaks or waits are named. */
const namedMax = 10;

/** For people. */
export function describeComparison(comparison: Comparison): string {
  const { orders, reservations, violations, waiting, underWay, leftOut } = comparison;
  const named = (lines: readonly string[]) => [
    ...lines.slice(0, namedMax).map((line) => `          ${line}`),
    ...(lines.length > namedMax ? [`          … and ${lines.length - namedMax} more`] : []),
  ];
  const claim = `each order has the money that its state asks for (${orders} orders, ${reservations} reservations)`;
  return [
    `${violations.length === 0 ? 'holds ' : 'BROKEN'}  ${claim}`,
    ...named(violations),
    ...(waiting.length > 0 ? [`waits   ${waiting.length} orders, for what is under way: ${underWay.join('; ')}`] : []),
    ...named(waiting),
    ...(leftOut > 0 ? [`          … and ${leftOut} more did not agree at first, too many to look at again`] : []),
  ].join('\n');
}
