import type { MovementCause } from '../../ledger/cause.js';

/** What a notice says of a payment, as far as names go. */
export interface NamingNotice {
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
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
      const { personNamed, orderNamed } = merged ?? payment;
      if (notice.amountMinor !== payment.amountMinor || notice.currency !== payment.currency) continue;
      if (differ(personNamed, notice.personNamed) || differ(orderNamed, notice.orderNamed)) continue;
      const person = personNamed ?? notice.personNamed;
      const order = orderNamed ?? notice.orderNamed;
      if (person === personNamed && order === orderNamed) continue;
      merged = { id: payment.id, personNamed: person, orderNamed: order, cause: notice.cause };
    }
    return merged ? [merged] : [];
  });
}

function differ(known: string | null, named: string | null): boolean {
  return known !== null && named !== null && known !== named;
}
