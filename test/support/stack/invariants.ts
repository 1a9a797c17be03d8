import { connect } from 'amqplib';
import pg from 'pg';
import { movement } from '#contracts/payments/accounts.js';
import { compareOrdersAndMoney } from '../../../tools/verification/orders-and-money.ts';
import { type MessagingService, messagingServices, whatIsUnderWay } from '../../../tools/verification/under-way.ts';
import { eventually } from '../eventually.js';
import { post, signedAgain } from '../messages/provider-notifications.js';
import type { Scenario } from './scenario.js';
import type { Stack } from './stack.js';

/**
 * Waits until nothing is under way any more: outboxes and queues are empty, and nothing is in a consumer's hands. Fails
 * when a message is parked, with what it says: nothing that these tests do may end there, unless they say so.
 */
export async function quiet(stack: Stack, { parkedAllowed = false } = {}): Promise<void> {
  await eventually(
    async () => {
      const underWay = await whatIsUnderWay(stack);
      if (underWay.length > 0) throw new Error(underWay.join('; '));
      if (!parkedAllowed) await nothingIsParked(stack);
    },
    { withinMs: 90_000, everyMs: 100 },
  );
}

/**
 * Proves, of a system that is quiet, what must hold after any fault. Numbers are those of test/README.md. What
 * one database can prove (I1–I4, I6, I7, I12, the limits of promo codes) is proved by the services' own `verify`; the
 * rest needs to look at several, at what the providers sent, and at the queues.
 */
export async function proveInvariants(scenario: Scenario): Promise<void> {
  const { stack } = scenario;
  const broken: string[] = [];
  for (const service of messagingServices) {
    const { code, output } = await stack.verify(service);
    if (code !== 0) broken.push(`${service} does not verify:\n${output}`);
  }
  broken.push(...(await everyAcceptedNotificationIsKept(scenario)));
  broken.push(...(await everyPaymentWasPublishedOnce(stack)));
  broken.push(...(await ordersAndMoneyAgree(stack)));
  broken.push(...(await everyRequestHasItsVerdict(stack)));
  broken.push(...(await everyRefundIsAsNotified(stack)));
  broken.push(...(await ordersAndUsesAgree(stack)));
  broken.push(...(await everyBonusIsGrantedOnce(stack)));
  broken.push(...(await everyMovementHasItsWord(stack)));
  if (broken.length > 0) throw new Error(broken.join('\n'));
}

/** I11: posts every accepted notification once more; each is a repeat, and no account moves. */
export async function replayChangesNothing(scenario: Scenario): Promise<void> {
  const { stack, admin, accepted } = scenario;
  const before = await ledgerTotals(stack);
  for (const notification of [...accepted]) {
    const again = signedAgain(stack.secrets[notification.provider], notification);
    const answer = await post(stack.webhooksUrl, again);
    if (answer.status !== 200) throw new Error(`a repeat was answered ${answer.status}`);
  }
  await quiet(stack);
  const after = await ledgerTotals(stack);
  if (JSON.stringify(before) !== JSON.stringify(after)) {
    throw new Error(`repeats moved money: ${JSON.stringify(before)} became ${JSON.stringify(after)}`);
  }
  const { body } = await admin.get('/admin/ledger/trial-balance');
  if (!body.balanced) throw new Error(`the ledger is out of balance: ${JSON.stringify(body)}`);
}

/** I4, I8: what was answered 2xx is there, once, with the amount that was signed. */
async function everyAcceptedNotificationIsKept({ stack, accepted }: Scenario): Promise<string[]> {
  // As bytes: a body that was kept need not be text that the database can hold.
  const kept = await rows<{ provider: string; body: Buffer }>(
    stack,
    'payments',
    `select provider, body from webhook_request where verdict <> 'rejected'`,
  );
  const found = new Set(kept.map(({ provider, body }) => `${provider} ${body}`));
  const lost = accepted.filter(({ provider, body }) => !found.has(`${provider} ${body}`));
  const wrong = await rows(
    stack,
    'payments',
    `select w.provider, w.event_id from webhook_request w left join payment p on p.id = w.payment_id
     where w.verdict = 'applied' and w.refund_id is null and (p.id is null or p.amount_minor is distinct from case w.provider
       when 'standard' then (convert_from(w.body, 'UTF8')::jsonb #>> '{data,amount_minor}')::bigint
       else (convert_from(w.body, 'UTF8')::jsonb #>> '{data,object,amount_received}')::bigint end)`,
  );
  return [
    ...lost.map(({ body }) => `I8: answered 2xx and lost: ${body}`),
    ...wrong.map((row) => `I4: applied with another amount than was signed: ${JSON.stringify(row)}`),
  ];
}

/** I5: each payment was published, and the consumer has handled that event: it bears the payment's id. */
async function everyPaymentWasPublishedOnce(stack: Stack): Promise<string[]> {
  const payments = await rows<{ id: string }>(stack, 'payments', 'select id from payment');
  const [movements] = await rows<{ count: number }>(
    stack,
    'payments',
    `select count(*)::int as count from transfer t
     where t.movement in ('reserve', 'match-payment', 'correct-payment', 'reassign-payment')`,
  );
  const handled = await rows<{ message_id: string }>(
    stack,
    'subscriptions',
    `select message_id from inbox where consumer = 'confirm-orders'`,
  );
  const received = new Set(handled.map(({ message_id }) => message_id));
  const missed = payments.filter(({ id }) => !received.has(id));
  // Money that was there already funds an order: credit-applied. A person gets a payment later: payment-credited.
  // Each is caused by one movement.
  const others = handled.length - (payments.length - missed.length);
  const moved = movements?.count ?? 0;
  return [
    ...missed.map(({ id }) => `I5: payment ${id} was never received`),
    ...(others > moved ? [`I5: ${others} events were handled beside those of payments, for ${moved} movements`] : []),
  ];
}

interface OrderRow {
  readonly id: string;
  readonly state: string;
}

/**
 * Each order has the money that its state asks for, and nobody else has any. Nothing is under way, so nothing may wait.
 */
async function ordersAndMoneyAgree(stack: Stack): Promise<string[]> {
  const urls = { subscriptions: stack.databaseUrl('subscriptions'), payments: stack.databaseUrl('payments') };
  const { violations, waiting } = await compareOrdersAndMoney(urls, () => whatIsUnderWay(stack), { pageRows: 100 });
  return [...violations, ...waiting];
}

interface UseRow {
  readonly id: string;
  readonly order_id: string;
  readonly code: string;
  readonly state: string;
  readonly benefit_minor: number;
}

const usesOfOrders: Record<string, readonly string[]> = {
  opened: ['held'],
  confirmed: ['held'],
  closed: ['redeemed', 'reversed'],
  cancelled: ['released'],
  expired: ['released'],
};

/** An order's discounts are uses of its codes, in the state that the order's own asks for; no other order has one. */
async function ordersAndUsesAgree(stack: Stack): Promise<string[]> {
  const orders = await rows<OrderRow & { discounts: { code: string; discount_minor: number }[] }>(
    stack,
    'subscriptions',
    `select id, state, discounts from orders where discounts <> '[]'`,
  );
  const uses = await rows<UseRow>(
    stack,
    'promotions',
    `select redemption.id, order_id, code, state, benefit_minor::int as benefit_minor
     from redemption join promo_code on promo_code.id = code_id where kind = 'discount' and order_id is not null`,
  );
  const byOrder = Map.groupBy(uses, ({ order_id }) => order_id);
  const known = new Set(orders.map(({ id }) => id));
  const astray = uses.filter(({ order_id, state }) => !known.has(order_id) && !['released', 'lapsed'].includes(state));
  const spelled = (lines: readonly { code: string; minor: number }[]) =>
    lines
      .map(({ code, minor }) => `${code} ${minor}`)
      .sort()
      .join();
  return [
    ...astray.map((use) => `a use is kept for an order that does not exist: ${JSON.stringify(use)}`),
    ...orders.flatMap(({ id, state, discounts }) => {
      const own = byOrder.get(id) ?? [];
      const agreed = spelled(discounts.map(({ code, discount_minor }) => ({ code, minor: discount_minor })));
      const held = spelled(own.map(({ code, benefit_minor }) => ({ code, minor: benefit_minor })));
      const inStep = own.every((use) => usesOfOrders[state]?.includes(use.state));
      return agreed === held && inStep
        ? []
        : [`order ${id} is ${state} with ${agreed}; its uses are ${JSON.stringify(own)}`];
    }),
  ];
}

/** Each bonus that was earned stands on the ledger once, with its amount; none stands there that was not. */
async function everyBonusIsGrantedOnce(stack: Stack): Promise<string[]> {
  const earned = await rows<{ id: string; benefit_minor: number; state: string }>(
    stack,
    'promotions',
    `select redemption.id, benefit_minor::int as benefit_minor, state from redemption join promo_code on promo_code.id = code_id
     where kind = 'bonus' and state in ('redeemed', 'reversed') and benefit_minor > 0 and conversion_id is not null`,
  );
  const granted = await rows<{ id: string; amount_minor: number; reversed: boolean; posted: number }>(
    stack,
    'payments',
    `select bonus.id, bonus.amount_minor::int as amount_minor, reversed_at is not null as reversed,
       (select count(*)::int from transfer where source_key = 'bonus/' || bonus.id) as posted from bonus`,
  );
  const byId = new Map(granted.map((bonus) => [bonus.id, bonus]));
  const known = new Set(earned.map(({ id }) => id));
  return [
    ...granted.filter(({ id }) => !known.has(id)).map(({ id }) => `bonus ${id} was granted and never earned`),
    ...earned.flatMap(({ id, benefit_minor, state }) => {
      const bonus = byId.get(id);
      const agrees = bonus?.amount_minor === benefit_minor && bonus.reversed === (state === 'reversed');
      // A bonus that was reversed before it was earned was never posted.
      const postings = bonus?.reversed ? [0, 1] : [1];
      return agrees && postings.includes(bonus.posted)
        ? []
        : [`bonus ${id} of ${benefit_minor} is ${state}; the ledger has ${JSON.stringify(bonus ?? null)}`];
    }),
  ];
}

/**
 * I10: every request that came is applied, a duplicate, stored, quarantined or rejected; and applied means one payment.
 */
async function everyRequestHasItsVerdict(stack: Stack): Promise<string[]> {
  const twice = await rows(
    stack,
    'payments',
    `select payment_id from webhook_request where verdict = 'applied' and refund_id is null
     group by payment_id having count(*) > 1`,
  );
  const unexplained = await rows(
    stack,
    'payments',
    `select id from webhook_request where (verdict = 'quarantined') and reason is null
       or (verdict = 'applied' and payment_id is null and refund_id is null)`,
  );
  return [
    ...twice.map((row) => `I6: applied twice: ${JSON.stringify(row)}`),
    ...unexplained.map((row) => `I10: without a reason: ${JSON.stringify(row)}`),
  ];
}

/** A statement has no word that the contract does not have. */
async function everyMovementHasItsWord(stack: Stack): Promise<string[]> {
  const words = await rows<{ word: string }>(stack, 'payments', 'select distinct movement as word from transfer');
  return words
    .filter(({ word }) => !movement.safeParse(word).success)
    .map(({ word }) => `money moved as ${word}, which is in no contract`);
}

/**
 * Each applied notification of a refund or dispute stands for a refund of the amount that was signed, reinstated if it
 * says so.
 */
async function everyRefundIsAsNotified(stack: Stack): Promise<string[]> {
  const wrong = await rows(
    stack,
    'payments',
    `select r.kind, r.reference, r.state, r.amount_minor, w.type from (
       select refund_id, provider, body #>> '{type}' as type, case provider
         when 'standard' then (body #>> '{data,amount_minor}')::bigint
         else (body #>> '{data,object,amount}')::bigint end as signed
       from (
         select refund_id, provider, convert_from(body, 'UTF8')::jsonb as body from webhook_request
         where verdict = 'applied' and refund_id is not null
       ) raw
     ) w left join refund r on r.id = w.refund_id
     where r.id is null or r.amount_minor <> w.signed
       or w.type in ('payment.refund_failed', 'payment.dispute_won', 'refund.failed', 'charge.dispute.funds_reinstated')
         and r.state <> 'reinstated'`,
  );
  return wrong.map((row) => `a refund or dispute differs from its notification: ${JSON.stringify(row)}`);
}

function ledgerTotals(stack: Stack): Promise<unknown[]> {
  return rows(
    stack,
    'payments',
    `select kind, currency, sum(debits_posted)::text, sum(credits_posted)::text, sum(debits_pending)::text,
       sum(version)::text from account group by kind, currency order by kind, currency`,
  );
}

async function nothingIsParked(stack: Stack): Promise<void> {
  const connection = await connect(stack.brokerUrl);
  try {
    const channel = await connection.createChannel();
    for (const service of messagingServices) {
      const parked = await channel.get(`${service}.parked`, { noAck: false });
      if (!parked) continue;
      const { headers } = parked.properties;
      throw new Error(`parked at ${service}: ${JSON.stringify(headers)} ${parked.content.toString()}`);
    }
  } finally {
    await connection.close();
  }
}

/** Looks behind the edges of a service. */
export async function rows<Row>(stack: Stack, service: MessagingService, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: stack.databaseUrl(service) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
