import { formatMoney } from '#kernel/money.js';

export const receivableStates = ['open', 'reserved', 'settled', 'withdrawn'] as const;
export type ReceivableState = (typeof receivableStates)[number];

/** What a person owes for an order, and what they could pay of it at this moment. */
export interface Receivable {
  readonly orderId: string;
  readonly personId: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly state: ReceivableState;
  readonly reason: string | null;
  readonly availableMinor: number;
  /** What the person owes us, which their next money repays first. */
  readonly owedMinor: number;
  /** Older receivables of the person that wait too. */
  readonly waitingBefore: number;
}

/** What is missing of an order, and what of it the person's balance pays. */
export interface Shortfall {
  /** The payment that covers the order and leaves nothing over, if it names the order. */
  readonly lacksMinor: number;
  readonly balanceMinor: number;
  /** The part of the missing amount that the next money repays first. */
  readonly debtMinor: number;
}

/**
 * What an order lacks. The balance counts for the oldest order that waits, as funding spends it; so two orders never
 * count on the same money. Nobody with a debt has a balance, and the debt is repaid first. An order that its balance
 * covers, or that does not wait, lacks nothing.
 */
export function shortfallOf({
  amountMinor,
  state,
  availableMinor,
  owedMinor,
  waitingBefore,
}: Pick<Receivable, 'amountMinor' | 'state' | 'availableMinor' | 'owedMinor' | 'waitingBefore'>): Shortfall {
  const balanceMinor = waitingBefore > 0 ? 0 : Math.max(0, availableMinor);
  if (state !== 'open' || balanceMinor >= amountMinor) return { lacksMinor: 0, balanceMinor: 0, debtMinor: 0 };
  return { lacksMinor: amountMinor - balanceMinor + owedMinor, balanceMinor, debtMinor: owedMinor };
}

/** Where the order's money stands, in plain words for the person and for everybody else who may read it. */
export function explain(receivable: Receivable): string {
  const { amountMinor, currency, state, reason, availableMinor, waitingBefore } = receivable;
  const amount = formatMoney({ amountMinor, currency });
  if (state === 'settled')
    return amountMinor === 0 ? 'The order cost nothing.' : `${amount} stand on the class’s account.`;
  if (state === 'withdrawn') {
    return `The order ended${reason ? ` (${reason})` : ''}; nothing is reserved for it.`;
  }
  if (state === 'reserved') return `${amount} are reserved until the order closes.`;
  if (amountMinor === 0) return 'The order costs nothing.';
  const available = formatMoney({ amountMinor: availableMinor, currency });
  const queue =
    waitingBefore === 0
      ? ''
      : ` ${waitingBefore} older ${waitingBefore === 1 ? 'order waits' : 'orders wait'} before it.`;
  return `It waits for ${amount}; ${available} are available.${queue}`;
}
