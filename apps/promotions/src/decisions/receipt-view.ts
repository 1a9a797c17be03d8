import type { z } from 'zod';
import type { decisionReceipt, decisionStep, personReceipt } from '#contracts/promotions/decision-receipts.js';
import { foldCode } from '#contracts/promotions/fold-code.js';
import { undisclosedRefusal } from '../redemptions/domain/refusals.js';
import { type DecisionStep, isLimit, stepsOf } from './domain/decision-steps.js';
import { explainReceipt } from './domain/explain-decision.js';
import type { Receipt } from './receipts.store.js';

/** A receipt as admins see it. */
export function receiptView(receipt: Receipt): z.output<typeof decisionReceipt> {
  return {
    receipt_id: receipt.id,
    what: receipt.stage,
    allowed: receipt.allowed,
    reason: receipt.reason,
    explanation: explainReceipt(receipt, stepsOf(receipt)),
    code_id: receipt.codeId,
    code: receipt.code,
    person_id: receipt.personId,
    offer_id: receipt.offerId,
    order_id: receipt.orderId,
    conversion_id: receipt.conversionId,
    redemption_id: receipt.redemptionId,
    trace_id: receipt.traceId,
    local_time: receipt.localTime,
    timezone: receipt.timezone,
    trace: receipt.trace.map((result) => ({ ...result })),
    before: {
      used: receipt.usedBefore,
      held: receipt.heldBefore,
      given_minor: receipt.givenBefore,
      of_person: receipt.personBefore,
      of_offer: receipt.offerBefore,
    },
    after: {
      used: receipt.usedAfter,
      held: receipt.heldAfter,
      given_minor: receipt.givenAfter,
      of_person: receipt.personAfter,
      of_offer: receipt.offerAfter,
    },
    at: receipt.at.toString(),
  };
}

/** Steps on the wire. */
export function stepsView(steps: readonly DecisionStep[]): z.output<typeof decisionStep>[] {
  return steps.map((step) => ({ ...step }));
}

/**
 * A receipt as its person sees it. Who does not hold the code sees one refusal for every reason, and the folded text:
 * the same for a code that exists and for one that does not.
 */
export function personReceiptView(receipt: Receipt, isHolder: boolean): z.output<typeof personReceipt> {
  const { id, stage, allowed, at, offerId, orderId, conversionId } = receipt;
  const common = {
    receipt_id: id,
    what: stage,
    allowed,
    offer_id: offerId,
    order_id: orderId,
    conversion_id: conversionId,
    at: at.toString(),
  };
  if (!isHolder) {
    const { code: reason, message: explanation } = undisclosedRefusal();
    const hidden = { code: foldCode(receipt.code), code_id: null, local_time: null, timezone: null, steps: [] };
    return { ...common, ...hidden, reason, explanation };
  }
  // What others used of the code is its publisher's.
  const steps = stepsOf(receipt).map((step) => (isLimit(step) ? { ...step, saw: null } : step));
  return {
    ...common,
    reason: receipt.reason,
    explanation: explainReceipt(receipt, steps),
    code: receipt.code,
    code_id: receipt.codeId,
    local_time: receipt.localTime,
    timezone: receipt.timezone,
    steps: stepsView(steps),
  };
}
