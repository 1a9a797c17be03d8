import type { Order } from '../../api/generated/operations.ts';
import { useWords } from '../../messages/catalogue.ts';
import { ordersWords } from '../../messages/words.ts';
import { Notice } from '../../states/state.tsx';

/** The way back from the provider's page. Only the server's own state says whether money came. */
export function PaidNotice({ paid, order }: { readonly paid: 'yes' | 'no'; readonly order: Order }) {
  const words = useWords(ordersWords);
  const isWaiting = order.waits_for === 'payment';
  if (paid === 'no') {
    return isWaiting ? (
      <Notice tone="warn" role="status" title={words.notPaidTitle}>
        <p className="small">{words.notPaidText}</p>
      </Notice>
    ) : null;
  }
  return (
    <Notice tone={isWaiting ? 'info' : 'good'} role="status" title={words.paidTitle}>
      <p className="small">{isWaiting ? words.paidText : words.paidDone}</p>
    </Notice>
  );
}
