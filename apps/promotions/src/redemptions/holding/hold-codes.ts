import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/fold-code.js';
import type { holdCodes } from '#contracts/promo-redemptions.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { PromotionsSettings } from '../../promotions.config.js';
import { type Admission, AdmitRedemptions } from '../admitting/admit-redemptions.js';
import { DiscloseRefusals } from '../admitting/disclose-refusals.js';
import type { Redemption } from '../domain/redemption.js';
import type { RedemptionRequest } from '../domain/redemption-request.js';
import { RedemptionsStore } from '../redemptions.store.js';

type Request = RequestOf<typeof holdCodes>;
type Held = ResponseOf<typeof holdCodes>;

/**
 * Holds uses for orders about to be opened. The order is the key: a repeat finds what is held and makes it wait for
 * another while, and a refusal leaves nothing behind, so that asking again decides anew. No transaction is opened: the
 * one statement that admits is a transaction of its own.
 */
@Injectable()
export class HoldCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
    private readonly admitRedemptions: AdmitRedemptions,
    private readonly discloseRefusals: DiscloseRefusals,
    private readonly settings: PromotionsSettings,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly Command<Request>[]): Promise<Reply<Held>[]> {
    const orderIds = [...new Set(batch.map(({ data }) => data.order_id))];
    const held = await this.repeatedHolds(orderIds);
    const fresh = batch.filter(({ data }) => !held.has(data.order_id));
    const lapsesAt = this.clock.now().add({ minutes: this.settings.holdMinutes });
    const admissions = await this.admitRedemptions.execute(
      this.transactions,
      fresh.map((command) => requestOf(command, lapsesAt)),
    );
    // Another instance, or another of this batch, was quicker with the same order.
    const repeated = fresh.filter((_, index) => isRepeated(admissions[index]));
    if (repeated.length > 0) {
      const again = await this.repeatedHolds(repeated.map(({ data }) => data.order_id));
      for (const [orderId, uses] of again) held.set(orderId, uses);
    }
    const refusals = await this.refusals(fresh, admissions);
    return batch.map((command): Reply<Held> => {
      const admission = admissions[fresh.indexOf(command)];
      const uses = held.get(command.data.order_id);
      if (uses) return replyOf(command.data, uses);
      if (admission && 'redemptions' in admission)
        return { answer: heldOf(command.data, admission.redemptions, lapsesAt) };
      return { refusal: refusals.get(command) as Refusal };
    });
  }

  /** By order: what it has already. What still waits there waits from now on. */
  private async repeatedHolds(orderIds: readonly string[]): Promise<Map<string, Redemption[]>> {
    let uses = await this.redemptions.ofOrders(this.transactions, orderIds);
    const waiting = uses.flatMap(({ state, lapsesAt, orderId }) => (state === 'held' && lapsesAt ? [orderId] : []));
    if (waiting.length > 0) {
      const lapsesAt = this.clock.now().add({ minutes: this.settings.holdMinutes });
      await this.redemptions.extend(this.transactions, waiting as string[], lapsesAt);
      uses = await this.redemptions.ofOrders(this.transactions, orderIds);
    }
    return Map.groupBy(uses, ({ orderId }) => orderId as string);
  }

  private async refusals(
    commands: readonly Command<Request>[],
    admissions: readonly Admission[],
  ): Promise<Map<Command<Request>, Refusal>> {
    const refused = commands.flatMap((command, index) => {
      const admission = admissions[index] as Admission;
      return 'refusal' in admission ? [{ command, ...admission, personId: command.data.person_id }] : [];
    });
    const disclosed = await this.discloseRefusals.execute(this.transactions, refused);
    return new Map(refused.map(({ command }, index) => [command, disclosed[index] as Refusal]));
  }
}

function requestOf(cause: Command<Request>, lapsesAt: Temporal.Instant): RedemptionRequest {
  const { data } = cause;
  return {
    stage: 'hold',
    codes: data.codes.map((written) => ({ written })),
    personId: data.person_id,
    offerId: data.offer_id,
    amountMinor: data.amount_minor,
    currency: data.currency,
    orderId: data.order_id,
    lapsesAt,
    cause,
  };
}

function isRepeated(admission: Admission | undefined): boolean {
  return admission !== undefined && 'redemptions' in admission && admission.repeated;
}

function replyOf(request: Request, uses: readonly Redemption[]): Reply<Held> {
  if (!isSame(request, uses)) {
    return {
      refusal: new Refusal('IDEMPOTENCY_KEY_REUSED', 'Other uses are held for this order.', {
        order_id: request.order_id,
      }),
    };
  }
  if (uses.some(({ state }) => state !== 'held' && state !== 'redeemed')) {
    return {
      refusal: new Refusal('PROMO_HOLD_ENDED', 'What was held for this order was given back.', {
        order_id: request.order_id,
      }),
    };
  }
  return { answer: heldOf(request, uses, uses[0]?.lapsesAt ?? null) };
}

function isSame(request: Request, uses: readonly Redemption[]): boolean {
  const codes = new Set(request.codes.map(foldCode));
  return (
    uses.length === codes.size &&
    uses.every(
      (use) =>
        codes.has(foldCode(use.code)) &&
        use.personId === request.person_id &&
        use.offerId === request.offer_id &&
        use.priceMinor === request.amount_minor &&
        use.currency === request.currency,
    )
  );
}

function heldOf(
  request: Request,
  uses: readonly Pick<Redemption, 'redemptionId' | 'codeId' | 'code' | 'benefitMinor' | 'explanation'>[],
  lapsesAt: Temporal.Instant | null,
): Held {
  return {
    order_id: request.order_id,
    discount_minor: uses.reduce((sum, { benefitMinor }) => sum + benefitMinor, 0),
    uses: uses.map(({ redemptionId, codeId, code, benefitMinor, explanation }) => {
      return { use_id: redemptionId, code_id: codeId, code, discount_minor: benefitMinor, explanation };
    }),
    lapses_at: lapsesAt?.toString() ?? null,
  };
}
