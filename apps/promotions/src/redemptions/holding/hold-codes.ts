import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import { foldCode } from '#contracts/promotions/fold-code.js';
import type { holdCodes } from '#contracts/promotions/promo-redemptions.js';
import { Clock } from '#kernel/clock.js';
import { Refusal } from '#kernel/refusal.js';
import { zip } from '#kernel/zip.js';
import type { Command, Reply } from '#messaging/envelope.js';
import { Transactions } from '#persistence/transaction.js';
import { PromotionsSettings } from '../../promotions.config.js';
import { type Admission, AdmitRedemptions } from '../admitting/admit-redemptions.js';
import { discloseRefusals } from '../admitting/disclose-refusals.js';
import { earliest } from '../domain/code-rules.js';
import type { Redemption } from '../domain/redemption.js';
import type { RedemptionRequest } from '../domain/redemption-request.js';
import { RedemptionsStore } from '../redemptions.store.js';

type Request = RequestOf<typeof holdCodes>;
type Held = ResponseOf<typeof holdCodes>;

/**
 * Holds codes for orders that are about to be opened. The order id is the key: a repeat finds its holds and extends
 * them, and a refusal stores nothing but its receipt, so that a repeat is decided again. Opens no transaction: the
 * statement that admits is a transaction of its own.
 */
@Injectable()
export class HoldCodes {
  constructor(
    private readonly transactions: Transactions,
    private readonly redemptions: RedemptionsStore,
    private readonly admitRedemptions: AdmitRedemptions,
    private readonly settings: PromotionsSettings,
    private readonly clock: Clock,
  ) {}

  async execute(batch: readonly Command<Request>[]): Promise<Reply<Held>[]> {
    const held = await this.holdsOf(batch);
    const fresh = batch.filter(({ data }) => !held.has(data.order_id));
    const lapsesAt = this.lapsesAt();
    const admissions = new Map(
      zip(
        fresh,
        await this.admitRedemptions.execute(
          this.transactions,
          fresh.map((command) => requestOf(command, lapsesAt)),
        ),
      ),
    );
    // Another instance, or another command of this batch, held codes for the same order first.
    const repeated = fresh.filter((command) => isRepeated(admissions.get(command)));
    for (const [orderId, redemptions] of await this.holdsOf(repeated)) held.set(orderId, redemptions);
    const refusals = await this.refusalsAmong(admissions);
    return batch.map((command): Reply<Held> => {
      const redemptions = held.get(command.data.order_id);
      if (redemptions) return replyOf(command.data, redemptions);
      const admission = admissions.get(command);
      if (admission && 'redemptions' in admission)
        return { answer: heldOf(command.data, admission.redemptions, lapsesAt) };
      return { refusal: refusals.get(command) as Refusal };
    });
  }

  /** The holds and redemptions that these orders have, by order. Extends the holds that may still lapse. */
  private async holdsOf(commands: readonly Command<Request>[]): Promise<Map<string, Redemption[]>> {
    if (commands.length === 0) return new Map();
    const orderIds = [...new Set(commands.map(({ data }) => data.order_id))];
    let redemptions = await this.redemptions.ofOrders(this.transactions, orderIds);
    const waiting = redemptions.filter(({ state, lapsesAt }) => state === 'held' && lapsesAt);
    if (waiting.length > 0) {
      await this.redemptions.extend(
        this.transactions,
        waiting.map(({ orderId }) => orderId as string),
        this.lapsesAt(),
      );
      redemptions = await this.redemptions.ofOrders(this.transactions, orderIds);
    }
    return Map.groupBy(redemptions, ({ orderId }) => orderId as string);
  }

  private lapsesAt(): Temporal.Instant {
    return this.clock.now().add({ minutes: this.settings.holdMinutes });
  }

  private async refusalsAmong(
    admissions: ReadonlyMap<Command<Request>, Admission>,
  ): Promise<Map<Command<Request>, Refusal>> {
    const refused = [...admissions].flatMap(([command, admission]) =>
      'refusal' in admission ? [{ command, ...admission, personId: command.data.person_id }] : [],
    );
    const disclosed = await discloseRefusals(this.transactions, this.redemptions, refused);
    return new Map(zip(refused, disclosed).map(([{ command }, refusal]) => [command, refusal]));
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

function replyOf(request: Request, redemptions: readonly Redemption[]): Reply<Held> {
  if (!isSame(request, redemptions)) {
    return {
      refusal: new Refusal('IDEMPOTENCY_KEY_REUSED', 'Other promo codes are held for this order.', {
        order_id: request.order_id,
      }),
    };
  }
  if (redemptions.some(({ state }) => state !== 'held' && state !== 'redeemed')) {
    return {
      refusal: new Refusal('PROMO_HOLD_ENDED', 'The promo codes held for this order were released.', {
        order_id: request.order_id,
      }),
    };
  }
  return { answer: heldOf(request, redemptions, redemptions[0]?.lapsesAt ?? null) };
}

function isSame(request: Request, redemptions: readonly Redemption[]): boolean {
  const codes = new Set(request.codes.map(foldCode));
  return (
    redemptions.length === codes.size &&
    redemptions.every(
      (redemption) =>
        codes.has(foldCode(redemption.code)) &&
        redemption.personId === request.person_id &&
        redemption.offerId === request.offer_id &&
        redemption.priceMinor === request.amount_minor &&
        redemption.currency === request.currency,
    )
  );
}

function heldOf(
  request: Request,
  redemptions: readonly Pick<
    Redemption,
    'redemptionId' | 'codeId' | 'code' | 'benefitMinor' | 'explanation' | 'payBy'
  >[],
  lapsesAt: Temporal.Instant | null,
): Held {
  return {
    order_id: request.order_id,
    discount_minor: redemptions.reduce((sum, { benefitMinor }) => sum + benefitMinor, 0),
    holds: redemptions.map(({ redemptionId, codeId, code, benefitMinor, explanation }) => {
      return { redemption_id: redemptionId, code_id: codeId, code, discount_minor: benefitMinor, explanation };
    }),
    lapses_at: lapsesAt?.toString() ?? null,
    pay_by: earliest(redemptions.flatMap(({ payBy }) => payBy ?? []))?.toString() ?? null,
  };
}
