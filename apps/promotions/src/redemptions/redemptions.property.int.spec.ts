import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { promoCodeDeactivated } from '#contracts/promotions/promo-redemptions.js';
import { newId } from '#kernel/ids.js';
import { Transactions } from '#persistence/transaction.js';
import { command, envelope } from '../../../../test/support/messages/messages.js';
import { answerOf } from '../../../../test/support/messages/replies.js';
import { PromotionsHarness } from '../../test/promotions-harness.js';
import {
  type CodeModel,
  explanations,
  type ModelAction,
  type ObservedBatch,
  RedemptionsModel,
} from '../../test/redemptions-model.js';
import { someCode } from '../../test/some-code.js';
import { violations } from '../../test/violations.js';
import { ChangeCode } from '../codes/change-code.js';
import { AdmitRedemptions } from './admitting/admit-redemptions.js';
import type { RedemptionRequest } from './domain/redemption-request.js';
import { ReleaseHolds } from './holding/release-holds.js';
import { RedeemHolds } from './redeeming/redeem-holds.js';
import { ReverseRedemptions } from './redeeming/reverse-redemptions.js';
import { RedemptionsStore } from './redemptions.store.js';

const instancesMax = 3;
const targetsMax = 6;

/** Three instances of the service on one database, each with connections of its own. */
let instances: PromotionsHarness[];

beforeAll(async () => {
  const first = await PromotionsHarness.open();
  instances = [first, await PromotionsHarness.open(first), await PromotionsHarness.open(first)];
});

afterAll(async () => {
  for (const instance of instances.toReversed()) await instance[Symbol.asyncDispose]();
});

const limits = fc.record({
  maxUses: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 4 }),
  perPerson: fc.option(fc.integer({ min: 1, max: 2 })),
  perOffer: fc.option(fc.integer({ min: 1, max: 3 })),
  budgetMinor: fc.option(fc.integer({ min: 100, max: 600 })),
  deactivates: fc.constantFrom(true, true, false),
  benefitMinor: fc.constantFrom(100, 150),
  forNewPersons: fc.constantFrom(false, true, true),
});

const target = fc.nat(targetsMax - 1);

/** No target twice in a batch: a repeat in one batch is handled once. */
const batch = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('hold' as const),
      targets: fc.uniqueArray(target, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('convert' as const),
      targets: fc.uniqueArray(target, { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('redeem' as const), targets: fc.tuple(target) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constantFrom('release' as const, 'lapse' as const), targets: fc.tuple(target) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constantFrom('reverse fraud' as const, 'reverse refund' as const),
      targets: fc.tuple(fc.nat(2 * targetsMax - 1)),
    }),
  },
  fc.record({ does: fc.constant('raise' as const), targets: fc.tuple(target) }),
);

const environment = fc.record({
  codes: fc.tuple(limits, limits, limits, limits),
  /** Of each order: which of the two discounts it requests. Of each conversion: which bonus. */
  wants: fc.array(fc.constantFrom(0, 1, 2), { minLength: targetsMax, maxLength: targetsMax }),
  persons: fc.array(fc.nat(2), { minLength: targetsMax, maxLength: targetsMax }),
  offers: fc.array(fc.nat(1), { minLength: targetsMax, maxLength: targetsMax }),
  /** Concurrent batches, each in an instance of its own. */
  steps: fc.array(fc.array(batch, { minLength: 1, maxLength: instancesMax }), { minLength: 4, maxLength: 16 }),
});

type Environment = typeof environment extends fc.Arbitrary<infer Value> ? Value : never;
type Batch = Environment['steps'][number][number];

/** One run: codes, persons, orders and conversions of its own in the shared database. */
class Run {
  private constructor(
    private readonly environment: Environment,
    private readonly codes: readonly (CodeModel & { id: string })[],
    private readonly persons = Array.from({ length: 3 }, newId),
    private readonly ids = new Map<string, string>(),
  ) {}

  static async begin(given: Environment): Promise<Run> {
    const codes: (CodeModel & { id: string })[] = [];
    for (const [
      index,
      { maxUses, perPerson, perOffer, budgetMinor, deactivates, benefitMinor, forNewPersons },
    ] of given.codes.entries()) {
      const isDiscount = index < 2;
      const made = await someCode(instances[0] as PromotionsHarness, {
        kind: isDiscount ? 'discount' : 'bonus',
        amount_minor: benefitMinor,
        currency: 'EUR',
        stacking: 'combinable',
        precedence: index,
        audience: forNewPersons ? 'new_persons' : 'everyone',
        max_uses: maxUses,
        max_uses_per_person: perPerson,
        max_uses_per_offer: perOffer,
        budget_minor: budgetMinor,
        auto_deactivate_on_max_uses: deactivates,
      });
      const limited = { maxUses, perPerson, perOffer, budgetMinor, deactivates, benefitMinor, forNewPersons };
      codes.push({ ...limited, name: made.code, id: made.id, keepsSlotOn: 'fraud' });
    }
    return new Run(given, codes);
  }

  get model(): RedemptionsModel {
    return RedemptionsModel.of(this.codes);
  }

  actionsOf({ does, targets }: Batch): ModelAction[] {
    return targets.map((index): ModelAction => {
      const person = this.environment.persons[index] as number;
      const offer = this.environment.offers[index] as number;
      if (does === 'hold') return { does, target: `order ${index}`, codes: this.discounts(index), person, offer };
      if (does === 'convert') return { does, target: `conversion ${index}`, codes: [this.bonus(index)], person, offer };
      if (does === 'raise') return { does, code: this.codes[index % this.codes.length]?.name as string };
      if (does === 'redeem' || does === 'release' || does === 'lapse') return { does, target: `order ${index}` };
      return {
        does: 'reverse',
        target: `${index < targetsMax ? 'order' : 'conversion'} ${index % targetsMax}`,
        reason: does === 'reverse fraud' ? 'fraud' : 'refund',
      };
    });
  }

  /** Runs a batch, and returns the observed result of each action. */
  async observe(instance: PromotionsHarness, actions: readonly ModelAction[]): Promise<ObservedBatch> {
    const [first] = actions;
    const said =
      first?.does === 'hold' || first?.does === 'convert'
        ? await this.admit(instance, actions as Extract<ModelAction, { does: 'hold' | 'convert' }>[])
        : [await this.happen(instance, first as ModelAction)];
    return actions.map((action, index) => ({ action, said: said[index] as string }));
  }

  async summaries(): Promise<string[]> {
    const rows = await (instances[0] as PromotionsHarness).query<{ summary: string }>(
      `select status || ', ' || used || ' used, ' || held || ' held, ' ||
         (select count(*) from outbox where type = $2 and subject = c.id::text) || ' deactivations' as summary
       from unnest($1::uuid[]) with ordinality as k (id, place) join promo_code c on c.id = k.id order by place`,
      [this.codes.map(({ id }) => id), promoCodeDeactivated.type],
    );
    return rows.map(({ summary }) => summary);
  }

  summariesOf(model: RedemptionsModel): string[] {
    return this.codes.map(({ name }) => model.summary(name));
  }

  private discounts(index: number): string[] {
    const wanted = this.environment.wants[index] as number;
    const names = this.codes.map(({ name }) => name);
    return wanted === 2 ? names.slice(0, 2) : [names[wanted] as string];
  }

  private bonus(index: number): string {
    return this.codes[2 + ((this.environment.wants[index] as number) % 2)]?.name as string;
  }

  private codeId(code: string): string {
    return this.codes.find(({ name }) => name === code)?.id as string;
  }

  /** The id of an order or conversion of this run. */
  private id(name: string): string {
    const id = this.ids.get(name) ?? newId();
    this.ids.set(name, id);
    return id;
  }

  private async admit(
    instance: PromotionsHarness,
    actions: readonly Extract<ModelAction, { does: 'hold' | 'convert' }>[],
  ) {
    const requests = actions.map(({ does, target: name, codes, person, offer }): RedemptionRequest => {
      return {
        stage: does,
        codes: codes.map((written) => (does === 'hold' ? { written } : { id: this.codeId(written) })),
        personId: this.persons[person] as string,
        offerId: `offer ${offer}`,
        amountMinor: 10_000,
        currency: 'EUR',
        orderId: does === 'hold' ? this.id(name) : null,
        conversionId: does === 'convert' ? this.id(name) : null,
        lapsesAt: does === 'hold' ? instance.clock.now().add({ minutes: 15 }) : null,
      };
    });
    const admissions = await instance.get(AdmitRedemptions).execute(instance.get(Transactions), requests);
    return admissions.map((admission, index) => {
      if ('refusal' in admission) return requests[index]?.codes.length === 1 ? admission.refusal.code : 'refused';
      return admission.repeated ? 'repeated' : 'admitted';
    });
  }

  private async happen(instance: PromotionsHarness, action: ModelAction): Promise<string> {
    const transactions = instance.get(Transactions);
    const store = instance.get(RedemptionsStore);
    if (action.does === 'raise') {
      const code = this.codes.find(({ name }) => name === action.code) as (typeof this.codes)[number];
      if (code.maxUses === null) return 'done';
      const maxUses = await instance.query<{ max_uses: number }>('select max_uses from promo_code where id = $1', [
        code.id,
      ]);
      const max_uses = (maxUses[0]?.max_uses as number) + 1;
      const [reply] = await instance
        .get(ChangeCode)
        .execute([command({ code_id: code.id, changed_by: 'test', max_uses })]);
      answerOf(reply);
      return 'done';
    }
    if (!('target' in action)) throw new Error('this happens in batches');
    const id = this.id(action.target);
    switch (action.does) {
      case 'redeem':
        return instance
          .get(RedeemHolds)
          .execute([envelope({ order_id: id, amount_minor: 0 }) as never])
          .then(
            () => 'done',
            (error: Error) => (error.message.includes('closed, but its hold') ? 'a fault' : error.message),
          );
      case 'release': {
        const [count] = await instance
          .get(ReleaseHolds)
          .execute([{ orderId: id, reason: 'cancelled', cause: envelope({}) }]);
        return `${count} released`;
      }
      case 'lapse': {
        const later = instance.clock.now().add({ minutes: 15 });
        return transactions.run(async (tx) => {
          const redemptions = await store.ofOrders(tx, [id]);
          const moves = redemptions.map(({ redemptionId }) => ({
            redemptionId,
            to: 'lapsed' as const,
            reason: 'test',
            cause: null,
          }));
          return `${(await store.changeStates(tx, moves, later)).length} lapsed`;
        });
      }
      default: {
        const { reason } = action as Extract<ModelAction, { does: 'reverse' }>;
        return transactions.run(async (tx) => {
          const isOrder = action.target.startsWith('order');
          const redemptions = await (isOrder
            ? store.ofOrders(tx, [id])
            : store.ofConversions(tx, [{ id, sender: null }]));
          const reversals = redemptions.map(({ redemptionId }) => ({
            redemptionId,
            reason,
            revenueMinor: 0,
            cause: null,
          }));
          return `${(await instance.get(ReverseRedemptions).execute(tx, reversals)).length} reversed`;
        });
      }
    }
  }
}

describe('concurrent actions in three instances', () => {
  it('have the replies, counters and deactivations of some sequence', async () => {
    await fc.assert(
      fc.asyncProperty(environment, async (given) => {
        const run = await Run.begin(given);
        let model = run.model;
        for (const step of given.steps) {
          // Two edits of one code at once would set the same limit twice.
          const batches = step.filter(
            (one, index) => one.does !== 'raise' || step.findIndex(({ does }) => does === 'raise') === index,
          );
          const observed = await Promise.all(
            batches.map((one, index) => run.observe(instances[index] as PromotionsHarness, run.actionsOf(one))),
          );
          const counted = await run.summaries();
          // A request whose code is edited meanwhile is evaluated again, after the others of its set.
          const isEdited = batches.some(({ does }) => does === 'raise');
          const explained = explanations(
            model,
            isEdited ? observed.flatMap((batch) => batch.map((one) => [one])) : observed,
            (candidate) => String(run.summariesOf(candidate)) === String(counted),
          );
          if (!explained)
            throw new Error(
              `no order explains ${JSON.stringify({ before: run.summariesOf(model), observed, counted }, null, 1)}`,
            );
          model = explained;
        }
      }),
      { numRuns: 60 },
    );
    expect(await violations(instances[0] as PromotionsHarness)).toEqual([]);
  }, 300_000);
});
