import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { RequestContract, RequestOf } from '#contracts/contract.js';
import { type holdUses, releaseUses } from '#contracts/promo-uses.js';
import { idFrom, newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { checkInvariants } from '#persistence/proofs.js';
import { command } from '../../../test/support/messages/messages.js';
import { answerOf } from '../../../test/support/messages/replies.js';
import { type Instance, ServiceHarness } from '../../../test/support/services/service-harness.js';
import type { ClassView } from '../src/classes/class-view.js';
import { CreateClass } from '../src/classes/create-class.js';
import { ReadClasses } from '../src/classes/read-classes.js';
import { subscriptionsDatabase } from '../src/database.js';
import type { FundingMessage } from '../src/orders/lifecycle/confirm-order.js';
import { OpenOrder } from '../src/orders/opening/open-order.js';
import { type OrderView, orderView } from '../src/orders/order-view.js';
import { ReadOrders } from '../src/orders/read-orders.js';
import { SaveParameterType } from '../src/parameter-types/save-parameter-type.js';
import { RegisterPerson } from '../src/persons/register-person.js';
import { proofs } from '../src/proofs.js';
import { PublishRule } from '../src/rules/publish-rule.js';
import type { RuleView } from '../src/rules/rule-wire.js';
import { SubscriptionsSettings } from '../src/subscriptions.config.js';
import { features } from '../src/subscriptions.module.js';

type ClassTerms = Partial<Parameters<CreateClass['execute']>[0][number]['data']>;
type HoldRequest = RequestOf<typeof holdUses>;

/** Stands where promotions would: holds what a test lets it, and notes what becomes of it. */
export class PretendedPromotions {
  /** Codes by the order that they are held for. */
  readonly held = new Map<string, readonly string[]>();
  private readonly prices = new Map<string, number>();
  readonly released: string[] = [];
  /** What each code takes off; a Refusal or fault that is thrown is the answer. */
  discountOf: (code: string, request: HoldRequest) => number | Promise<number> = () => 500;
  /** Orders of this person are held for, and the answer does not arrive. */
  unheardPerson: string | undefined;

  async request(contract: RequestContract, request: HoldRequest | { order_id: string }): Promise<unknown> {
    if (contract.type === releaseUses.type) return this.release(request.order_id);
    const { order_id, codes, amount_minor } = request as HoldRequest;
    if (this.held.has(order_id) && this.prices.get(order_id) !== amount_minor) {
      throw new Refusal('IDEMPOTENCY_KEY_REUSED', 'This was used before, with another request.');
    }
    const uses: { code: string; discount_minor: number; explanation: string }[] = [];
    for (const code of codes) {
      const discount_minor = await this.discountOf(code, request as HoldRequest);
      uses.push({ code, discount_minor, explanation: `${code} takes off ${discount_minor}.` });
    }
    this.held.set(order_id, codes);
    this.prices.set(order_id, amount_minor);
    if (this.unheardPerson === (request as HoldRequest).person_id) {
      throw new ServiceUnavailable('promotions', 'no answer in time');
    }
    return { order_id, uses, lapses_at: null };
  }

  private release(orderId: string) {
    this.held.delete(orderId);
    this.released.push(orderId);
    return { order_id: orderId, released: 1 };
  }
}

/** One instance of the service without broker and Redis, beside promotions that a test has in its hands. */
export class SubscriptionsHarness extends ServiceHarness {
  #singlePaymentRule: Promise<RuleView> | undefined;

  private constructor(
    instance: Instance,
    readonly promotions: PretendedPromotions,
  ) {
    super(instance);
  }

  /** With a database of its own, or, as a second instance, on that of `other`. */
  static async open(other?: SubscriptionsHarness): Promise<SubscriptionsHarness> {
    const promotions = other?.promotions ?? new PretendedPromotions();
    const parts = {
      service: 'subscriptions',
      database: subscriptionsDatabase,
      providers: [
        { provide: SubscriptionsSettings, useValue: { sweepEveryMs: 30_000 } },
        ...features.flatMap(({ providers }) => providers),
      ],
      others: promotions,
    } as const;
    return new SubscriptionsHarness(await ServiceHarness.set(parts, other), promotions);
  }

  async person(name: string): Promise<string> {
    const [id] = await this.persons(1, name);
    return id as string;
  }

  async persons(count: number, name = 'person'): Promise<string[]> {
    const replies = await this.get(RegisterPerson).execute(
      Array.from({ length: count }, (_, index) => {
        const username = `${name}-${index}`;
        return command({ name: username, username, email: `${username}@example.org` });
      }),
    );
    return replies.map((reply) => answerOf(reply).person_id);
  }

  /** The rule *Single payment subscription*, published when first asked for: one required parameter, the price. */
  singlePaymentRule(): Promise<RuleView> {
    this.#singlePaymentRule ??= this.publishSinglePaymentRule();
    return this.#singlePaymentRule;
  }

  async class(rule: RuleView, terms: ClassTerms = {}) {
    const [reply] = await this.get(CreateClass).execute([
      command({
        title: 'Chess for beginners',
        description: '',
        rule_id: rule.rule_id,
        parameters: { price: 1_500 },
        time_zone: 'Europe/Berlin',
        currency: 'EUR',
        capacity: null,
        approval_required: false,
        start_date: null,
        end_date: null,
        payment_window_hours: 48,
        ...terms,
      }),
    ]);
    return answerOf(reply) as ClassView;
  }

  /** The rule *Free subscription*. */
  async freeRule(): Promise<RuleView> {
    const [reply] = await this.get(PublishRule).execute([
      command({ title: 'Free subscription', description: '', method: 'free', parameters: [], examples: [] }),
    ]);
    return answerOf(reply);
  }

  /** How many seats of the class are taken. */
  async seatsTaken(classId: string): Promise<number> {
    return (await this.get(ReadClasses).one(classId)).seats_taken;
  }

  /** The order as it stands, for somebody who sees all. */
  async order(orderId: string): Promise<OrderView> {
    const [reply] = await this.get(ReadOrders).each([{ data: { order_id: orderId, visible_to: null } }], orderView);
    return answerOf(reply);
  }

  async enrolments(orderId: string): Promise<number> {
    return (await this.query('select from enrolments where order_id = $1', [orderId])).length;
  }

  /** How each event of the order that was told is called, in order: `order-opened`. */
  async toldOf({ order_id: orderId }: Pick<OrderView, 'order_id'>): Promise<string[]> {
    return (await this.published(orderId)).map(({ type }) => type.split('.')[1] ?? type);
  }

  /** An order of somebody new, for a class of its own by the rule *Single payment subscription*. */
  async opened(terms: ClassTerms = {}): Promise<OrderView> {
    const person = await this.person(`payer-${newId()}`);
    return this.open(person, (await this.class(await this.singlePaymentRule(), terms)).class_id);
  }

  async open(personId: string, classId: string): Promise<OrderView> {
    const [reply] = await this.get(OpenOrder).execute([command({ person_id: personId, class_id: classId })]);
    return answerOf(reply);
  }

  private async publishSinglePaymentRule(): Promise<RuleView> {
    await this.get(SaveParameterType).execute([
      command({ name: 'amount', schema: { type: 'integer', minimum: 0 }, ui_schema: {} }),
    ]);
    const [reply] = await this.get(PublishRule).execute([
      command({
        title: 'Single payment subscription',
        description: '',
        method: 'single_payment',
        parameters: [{ name: 'price', type: 'amount', required: true }],
        examples: [],
      }),
    ]);
    return answerOf(reply);
  }
}

/** A message of payments that says that these orders have their money. The same orders make the same reservations. */
export function funding(
  ...orders: readonly Pick<OrderView, 'order_id' | 'amount_minor' | 'currency'>[]
): FundingMessage {
  return {
    id: newId(),
    correlationId: newId(),
    traceparent: undefined,
    fundings: orders.map((order) => ({
      orderId: order.order_id,
      amountMinor: order.amount_minor,
      currency: order.currency,
      transferId: idFrom('transfer', order.order_id),
    })),
  };
}

/** What breaks an invariant of the service, in words. Nothing, at any moment. */
export async function violations(harness: SubscriptionsHarness): Promise<string[]> {
  const findings = await checkInvariants(proofs, (sql) => harness.query(sql));
  return findings.flatMap(({ violations }) => violations);
}

/**
 * For a suite: opens two instances on one database before its tests, and closes them after. Whatever a test did, no
 * invariant is broken by it.
 */
export function withTwo(
  use: (harness: SubscriptionsHarness, other: SubscriptionsHarness) => void | Promise<void>,
): void {
  const opened: SubscriptionsHarness[] = [];
  beforeAll(async () => {
    const harness = await SubscriptionsHarness.open();
    opened.push(harness);
    const other = await SubscriptionsHarness.open(harness);
    opened.push(other);
    await use(harness, other);
  });
  afterEach(async () => expect(await violations(opened[0]!)).toEqual([]));
  afterAll(async () => {
    for (const harness of opened.reverse()) await harness[Symbol.asyncDispose]();
  });
}
