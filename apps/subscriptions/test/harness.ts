import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { idFrom, newId } from '#kernel/ids.js';
import { checkInvariants } from '#persistence/invariant-checks.js';
import { command } from '../../../test/support/messages/messages.js';
import { answerOf } from '../../../test/support/messages/replies.js';
import { type Instance, ServiceHarness } from '../../../test/support/services/service-harness.js';
import type { ClassView } from '../src/classes/class-view.js';
import { CreateClass } from '../src/classes/create-class.js';
import { ReadClasses } from '../src/classes/read-classes.js';
import { subscriptionsDatabase } from '../src/database.js';
import { invariantChecks } from '../src/invariant-checks.js';
import { ConfirmOrder, type FundingMessage } from '../src/orders/lifecycle/confirm-order.js';
import { OpenOrder } from '../src/orders/opening/open-order.js';
import type { OrderView } from '../src/orders/order-view.js';
import { ReadOrders } from '../src/orders/read-orders.js';
import { SaveParameterType } from '../src/parameter-types/save-parameter-type.js';
import { RegisterPerson } from '../src/persons/register-person.js';
import { PublishRule } from '../src/rules/publish-rule.js';
import type { RuleView } from '../src/rules/rule-view.js';
import { SubscriptionsSettings } from '../src/subscriptions.config.js';
import { featureModules } from '../src/subscriptions.module.js';
import { PromotionsStub } from './promotions-stub.js';

type ClassTerms = Partial<Parameters<CreateClass['execute']>[0][number]['data']>;
/** One instance of the service without broker and Redis, with a stub in place of promotions. */
export class SubscriptionsHarness extends ServiceHarness {
  #singlePaymentRule: Promise<RuleView> | undefined;

  private constructor(
    instance: Instance,
    readonly promotions: PromotionsStub,
  ) {
    super(instance);
  }

  /** On a database of its own, or, as a second instance, on the database of `other`. */
  static async open(other?: SubscriptionsHarness): Promise<SubscriptionsHarness> {
    const promotions = other?.promotions ?? new PromotionsStub();
    const parts = {
      service: 'subscriptions',
      database: subscriptionsDatabase,
      modules: featureModules,
      settings: {
        provide: SubscriptionsSettings,
        useValue: { sweepEveryMs: 30_000, unpaidOrdersMax: 10, latePaymentDays: 14 },
      },
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

  /** The rule *Single payment subscription*, published at the first call: one required parameter, the price. */
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
        repeat_enrolment: 'refused',
        late_payment: 'reopen',
        payment_tolerance_minor: 0,
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

  /** The rule *Monthly subscription* with all parameters of its method; a price and a unit are required. */
  async recurringRule(): Promise<RuleView> {
    const optional = ['every', 'trial_days', 'periods', 'lead_days', 'grace_days', 'dunning'];
    return this.ruleOf('recurring', ['price', 'unit'], optional);
  }

  /** A rule of any method, whose parameters may have any value that the method takes. */
  async ruleOf(method: string, required: readonly string[], optional: readonly string[]): Promise<RuleView> {
    await this.get(SaveParameterType).execute([command({ name: 'anything', schema: {}, ui_schema: {} })]);
    const parameters = [
      ...required.map((name) => ({ name, type: 'anything', required: true })),
      ...optional.map((name) => ({ name, type: 'anything', required: false })),
    ];
    const [reply] = await this.get(PublishRule).execute([
      command({ title: `A rule of ${method}`, description: '', method, parameters, examples: [] }),
    ]);
    return answerOf(reply);
  }

  /** Pays an order, from outside. */
  async pay(order: Pick<OrderView, 'order_id' | 'amount_minor' | 'currency'>): Promise<OrderView> {
    await this.get(ConfirmOrder).execute([funding(order)]);
    return this.order(order.order_id);
  }

  /** The orders of a subscription, by their periods. */
  async periodsOf({ order_id: id }: Pick<OrderView, 'order_id'>): Promise<OrderView[]> {
    const rows = await this.query<{ id: string }>('select id from orders where subscription_id = $1 order by period', [
      id,
    ]);
    return Promise.all(rows.map((row) => this.order(row.id)));
  }

  /** How many seats of the class are taken. */
  async seatsTaken(classId: string): Promise<number> {
    return (await this.get(ReadClasses).one(classId)).seats_taken;
  }

  /** The order as its person sees it. */
  async order(orderId: string): Promise<OrderView> {
    const [reply] = await this.get(ReadOrders).each([{ data: { order_id: orderId, visible_to: null } }]);
    const { person_name: _, ...order } = answerOf(reply);
    return order;
  }

  async enrolments(orderId: string): Promise<number> {
    return (await this.query('select from enrolments where order_id = $1', [orderId])).length;
  }

  /** The names of the events that the order has published, in order, such as `order-opened`. */
  async eventsOf({ order_id: orderId }: Pick<OrderView, 'order_id'>): Promise<string[]> {
    return (await this.published(orderId)).map(({ type }) => type.split('.')[1] ?? type);
  }

  /** An order of a new person for a new class with the rule *Single payment subscription*. */
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

/** A funding message for these orders. The same order always gets the same transfer id. */
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

/** Violations of the invariants of the service; a healthy service has none at any moment. */
export async function violations(harness: SubscriptionsHarness): Promise<string[]> {
  const findings = await checkInvariants(invariantChecks, (sql) => harness.query(sql));
  return findings.flatMap(({ violations }) => violations);
}

/**
 * Opens two instances on one database before the tests of a suite and closes them afterwards. After each test it
 * asserts that no invariant is violated.
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
