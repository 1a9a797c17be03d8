import type { ReceiptStage } from '../../redemptions/domain/redemption.js';
import { refusalOf } from '../../redemptions/domain/refusals.js';
import type { DecisionStep } from './decision-steps.js';

const admitted: Readonly<Record<ReceiptStage, string>> = {
  hold: 'The code was held for an order.',
  apply: 'The bonus code was applied.',
  convert: 'The conversion earned the bonus of the code.',
  reverse: 'The redemption was reversed',
};

/** A decision in one sentence: what it did, or its reason and the value that the rule compared. */
export function explainReceipt(
  {
    stage,
    allowed,
    reason,
  }: { readonly stage: ReceiptStage; readonly allowed: boolean; readonly reason: string | null },
  steps: readonly DecisionStep[],
): string {
  if (stage === 'reverse') return sentence(admitted.reverse, steps[0]?.saw ?? null);
  return allowed ? admitted[stage] : explainRefusal(reason ?? '', steps);
}

/** A refusal in one sentence. */
export function explainRefusal(reason: string, steps: readonly DecisionStep[]): string {
  if (reason === 'WITH_ANOTHER') return 'Another code of the same request was refused.';
  const failed = steps.find(({ result }) => result === 'failed');
  return sentence(refusalOf(reason).message.replace(/\.$/, ''), failed?.saw ?? null);
}

function sentence(says: string, saw: string | null): string {
  return saw === null ? `${says}.` : `${says}: ${saw}.`;
}
