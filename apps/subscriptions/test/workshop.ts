import type { Provider, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { RequestContract, RequestOf } from '#contracts/contract.js';
import { type holdUses, releaseUses } from '#contracts/promo-uses.js';
import { Jobs } from '#jobs/jobs.js';
import { Clock } from '#kernel/clock.js';
import { idFrom, newId } from '#kernel/ids.js';
import { Refusal } from '#kernel/refusal.js';
import { CommandLog } from '#messaging/commands.js';
import type { Command } from '#messaging/envelope.js';
import { ServiceUnavailable } from '#messaging/faults.js';
import { Inbox } from '#messaging/inbox.js';
import { MessagingOptions } from '#messaging/messaging.options.js';
import { Outbox } from '#messaging/outbox.js';
import { RpcClient } from '#messaging/rpc-client.js';
import { DatabaseModule } from '#persistence/database.js';
import { migrate } from '#persistence/migrate.js';
import { prove } from '#persistence/proofs.js';
import { Transactions } from '#persistence/transaction.js';
import { MovableClock } from '../../../test/support/movable-clock.js';
import { answerOf } from '../../../test/support/replies.js';
import { testDatabase } from '../../../test/support/test-database.js';
import type { ClassView } from '../src/classes/class-view.js';
import { CreateClass } from '../src/classes/create-class.js';
import { ReadClasses } from '../src/classes/read-classes.js';
import { subscriptionsDatabase } from '../src/database.js';
import type { Funded } from '../src/orders/confirm-order.js';
import { OpenOrder } from '../src/orders/open-order.js';
import { type OrderView, orderView } from '../src/orders/order-view.js';
import { ReadOrders } from '../src/orders/read-orders.js';
import { SaveParameterType } from '../src/parameter-types/save-parameter-type.js';
import { RegisterPerson } from '../src/persons/register-person.js';
import { proofs } from '../src/proofs.js';
import { PublishRule } from '../src/rules/publish-rule.js';
import type { RuleView } from '../src/rules/rule-wire.js';
import { SubscriptionsSettings } from '../src/subscriptions.config.js';
import { features } from '../src/subscriptions.module.js';

type HoldRequest = RequestOf<typeof holdUses>;

/** A fact that waits in the outbox. */
export interface ToldFact {
  readonly type: string;
  readonly subject: string;
  readonly data: Record<string, unknown>;
  readonly causationId: string | null;
}

/** Stands where Redis would: notes what it is asked for. */
export class NotedJobs {
  readonly asked: { order_id: string; delayMs: number }[] = [];

  async enqueueMany(_job: unknown, errands: { data: { order_id: string }; delayMs: number }[]): Promise<void> {
    this.asked.push(...errands.map(({ data, delayMs }) => ({ ...data, delayMs })));
  }
}

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

  async ask(contract: RequestContract, request: HoldRequest | { order_id: string }): Promise<unknown> {
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

/** One instance of the service without broker and Redis: its use cases on a real database, and a clock to move. */
export class Workshop {
  readonly jobs = new NotedJobs();
  readonly promotions = new PretendedPromotions();

  private constructor(
    readonly databaseUrl: string,
    readonly clock: MovableClock,
    private readonly close: () => Promise<void>,
    private readonly found: <T>(type: Type<T>) => T,
  ) {}

  /** With a database of its own, or, as a second instance, on that of `other`. */
  static async open(other?: Workshop): Promise<Workshop> {
    const database = other ? undefined : await testDatabase((url) => migrate(subscriptionsDatabase(url)));
    const url = other?.databaseUrl ?? database?.url ?? '';
    const clock = other?.clock ?? new MovableClock('2026-03-02T09:00:00Z');
    const jobs = new NotedJobs();
    const promotions = other?.promotions ?? new PretendedPromotions();
    const messaging: Provider[] = [
      CommandLog,
      Inbox,
      Outbox,
      {
        provide: MessagingOptions,
        useValue: new MessagingOptions({ service: 'subscriptions', amqpUrl: 'amqp://none' }),
      },
    ];
    const module = await Test.createTestingModule({
      imports: [DatabaseModule.forService(subscriptionsDatabase(url))],
      providers: [
        ...messaging,
        ...features.flatMap(({ providers }) => providers),
        { provide: Clock, useValue: clock },
        { provide: SubscriptionsSettings, useValue: { sweepEveryMs: 30_000 } },
        { provide: Jobs, useValue: jobs },
        { provide: RpcClient, useValue: promotions },
      ],
    }).compile();
    const close = async () => {
      await module.close();
      await database?.drop();
    };
    const workshop = new Workshop(url, clock, close, (type) => module.get(type, { strict: false }));
    Object.assign(workshop, { jobs, promotions });
    return workshop;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get<T>(type: Type<T>): T {
    return this.found(type);
  }

  query<Row = Record<string, unknown>>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.get(Transactions).query<Row>(sql, values);
  }

  /** What has been told so far, in order; of one subject or of all. */
  async told(subject?: string): Promise<ToldFact[]> {
    const rows = await this.query<ToldFact & { causation_id: string | null }>(
      `select type, subject, data, causation_id from outbox where $1::text is null or subject = $1 order by id`,
      [subject ?? null],
    );
    return rows.map(({ type, subject, data, causation_id: causationId }) => ({ type, subject, data, causationId }));
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

  /** The rule *Single payment subscription*: one required parameter, the price. */
  async singlePaymentRule(): Promise<RuleView> {
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

  async class(rule: RuleView, terms: Partial<Parameters<CreateClass['execute']>[0][number]['data']> = {}) {
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

  async open(personId: string, classId: string): Promise<OrderView> {
    const [reply] = await this.get(OpenOrder).execute([command({ person_id: personId, class_id: classId })]);
    return answerOf(reply);
  }
}

let commands = 0;

export function command<Data>(data: Data, id = `command-${process.pid}-${++commands}`): Command<Data> {
  return { id, type: 'test', traceparent: undefined, correlationId: newId(), data };
}

/** A message of payments that says that these orders have their money. The same orders make the same reservations. */
export function funding(...orders: readonly Pick<OrderView, 'order_id' | 'amount_minor' | 'currency'>[]): Funded {
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
export async function breaches(workshop: Workshop): Promise<string[]> {
  const findings = await prove(proofs, (sql) => workshop.query(sql));
  return findings.flatMap(({ breaches }) => breaches);
}
