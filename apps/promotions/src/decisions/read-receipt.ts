import { Injectable } from '@nestjs/common';
import type { RequestOf, ResponseOf } from '#contracts/contract.js';
import type { getDecisionReceipt } from '#contracts/promotions/decision-receipts.js';
import { Refusal } from '#kernel/refusal.js';
import { CodesStore } from '../codes/codes.store.js';
import { hoursOf } from '../codes/domain/active-hours.js';
import { availabilityAt } from '../codes/domain/availability.js';
import { stepsOf } from './domain/decision-steps.js';
import { receiptView, stepsView } from './receipt-view.js';
import { type Receipt, ReceiptsStore } from './receipts.store.js';

/** The reasons that end by themselves. */
const passing = ['PROMO_CODE_OUTSIDE_HOURS', 'PROMO_CODE_NOT_STARTED'];

/** One decision, with every rule in order. */
@Injectable()
export class ReadReceipt {
  constructor(
    private readonly receipts: ReceiptsStore,
    private readonly codes: CodesStore,
  ) {}

  /** @throws Refusal RECEIPT_NOT_FOUND */
  async execute(request: RequestOf<typeof getDecisionReceipt>): Promise<ResponseOf<typeof getDecisionReceipt>> {
    const receipt = await this.receipts.find(request.receipt_id);
    if (!receipt) throw new Refusal('RECEIPT_NOT_FOUND', 'This receipt does not exist.', { field: 'receipt_id' });
    return {
      ...receiptView(receipt),
      steps: stepsView(stepsOf(receipt)),
      next_opens_at: (await this.nextOpeningAfter(receipt))?.toString() ?? null,
    };
  }

  /** By the present terms: those of the time of the decision may have changed. */
  private async nextOpeningAfter({ codeId, reason, at }: Receipt): Promise<Temporal.Instant | null> {
    if (codeId === null || reason === null || !passing.includes(reason)) return null;
    const code = await this.codes.find(codeId);
    return code && availabilityAt(hoursOf(code.activeHours, code.days), code, at).nextOpensAt;
  }
}
