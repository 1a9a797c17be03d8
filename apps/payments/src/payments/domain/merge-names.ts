import type { MovementCause } from '../../ledger/cause.js';

/** What a notice says of a payment, as far as names go. */
export interface NamingNotice {
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
  /** `orderNamed` only stands in for a name: one of the metadata replaces it, and it contradicts none. */
  readonly orderStandsIn?: boolean;
  readonly cause: MovementCause;
}

/** A payment in suspense, with the names that are known of it. */
export interface NamedPayment extends Omit<NamingNotice, 'cause'> {
  readonly id: string;
}

/** A payment with the names that it has now, and the notice that gave the last one. */
export interface RenamedPayment {
  readonly id: string;
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
  readonly orderStandsIn?: boolean;
  readonly cause: MovementCause;
}

/**
 * The payments in suspense that get a name from these notices. Providers publish several events of a payment, and
 * not all of them carry the metadata: one may name the person and another the order. A notice that contradicts what
 * is known adds nothing.
 */
export function mergeNames(waiting: readonly NamedPayment[], notices: readonly NamingNotice[]): RenamedPayment[] {
  const about = Map.groupBy(notices, ({ provider, reference }) => `${provider} ${reference}`);
  return waiting.flatMap((payment) => {
    let merged: RenamedPayment | undefined;
    for (const notice of about.get(`${payment.provider} ${payment.reference}`) ?? []) {
      const known = merged ?? payment;
      if (notice.amountMinor !== payment.amountMinor || notice.currency !== payment.currency) continue;
      const order = orderOf(known, notice);
      if (differ(known.personNamed, notice.personNamed) || order === 'contradicts') continue;
      const personNamed = known.personNamed ?? notice.personNamed;
      if (personNamed === known.personNamed && order === known) continue;
      merged = { id: payment.id, personNamed, ...nameOf(order), cause: notice.cause };
    }
    return merged ? [merged] : [];
  });
}

type OrderName = Pick<NamingNotice, 'orderNamed' | 'orderStandsIn'>;

/** Which of two names of an order counts: the known one itself when nothing changes. */
function orderOf(known: OrderName, named: OrderName): OrderName | 'contradicts' {
  if (named.orderNamed === null || (known.orderNamed !== null && named.orderStandsIn)) return known;
  if (known.orderNamed === null || known.orderStandsIn) return named;
  return known.orderNamed === named.orderNamed ? known : 'contradicts';
}

function nameOf({ orderNamed, orderStandsIn }: OrderName): OrderName {
  return orderStandsIn ? { orderNamed, orderStandsIn } : { orderNamed };
}

function differ(known: string | null, named: string | null): boolean {
  return known !== null && named !== null && known !== named;
}
