import type { ResponseOf } from '#contracts/contract.js';
import type { getOrderMoney } from '#contracts/payments/accounts.js';

type OrderMoney = ResponseOf<typeof getOrderMoney>;

/** An account of a person in a view: its kind and its owner. */
const accountOfPerson = /^(person|debt) (.+)$/;

/**
 * The part of an order's money that a person may see: their own payments, and the transfers of their own accounts. A
 * payment of somebody else that names the order stays hidden, and so does the owner of another account.
 */
export function ownMoney({ order_id, receivable, payments, transfers }: OrderMoney, personId: string): OrderMoney {
  const isOwn = (account: string) => accountOfPerson.exec(account)?.[2] === personId;
  const shown = (account: string) => {
    const [, kind] = accountOfPerson.exec(account) ?? [];
    return kind === undefined || isOwn(account) ? account : `another ${kind}`;
  };
  return {
    order_id,
    receivable: receivable?.person_id === personId ? receivable : null,
    payments: payments.filter(({ person_id }) => person_id === personId),
    transfers: transfers
      .filter(({ from, to }) => isOwn(from) || isOwn(to))
      .map((transfer) => ({ ...transfer, from: shown(transfer.from), to: shown(transfer.to) })),
  };
}
