import type { Balances } from '../../ledger/domain/balances.js';
import { debtAccount, type Posting } from '../../ledger/domain/posting.js';
import { payerAccount } from '../../payment-rows/payer-account.js';
import {
  collecting,
  type ExtraKind,
  type Extras,
  extraKinds,
  growthOfExtras,
  returning,
  standingExtras,
  sumOfExtras,
} from './extras.js';

/** A payment that was registered, with what is known of its extras. */
export interface PaymentWithExtras {
  readonly id: string;
  readonly provider: string;
  readonly reference: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
  /** `orderNamed` only stands in for a name. */
  readonly orderStandsIn?: boolean;
  readonly refundedMinor: number;
  /** Whose the money is; null while it stands in suspense. */
  readonly personId: string | null;
  /** An admin found that it is not ours. */
  readonly isDismissed?: boolean;
  readonly orderId: string | null;
  readonly extras: Extras;
}

/** What a notice says of a payment. */
export interface ExtrasNotice
  extends Pick<PaymentWithExtras, 'provider' | 'reference' | 'amountMinor' | 'currency' | 'extras'> {
  readonly personNamed: string | null;
  readonly orderNamed: string | null;
  readonly orderStandsIn?: boolean;
}

/** An extra that became known after its payment was registered. */
export interface LateExtra {
  readonly paymentId: string;
  readonly kind: ExtraKind;
  readonly amountMinor: number;
  /** What the person did not have any more, and owes us since. */
  readonly owedMinor: number;
}

/** What late extras change. */
export interface LateExtras {
  readonly added: readonly LateExtra[];
  /** In the order of their ids, in which no running balance of a person falls below zero. */
  readonly postings: readonly Posting[];
}

/**
 * Adds the extras that payments lack and notices name: several events of a payment are published, and not all of them
 * carry its parts. The extra leaves the person, or suspense; what the person cannot spend becomes their debt before. A
 * notice that contradicts what is known adds nothing.
 *
 * @param balances of the persons
 * @param nextId gives new ids, each larger than the one before
 */
export function decideLateExtras(
  notices: readonly ExtrasNotice[],
  payments: readonly PaymentWithExtras[],
  balances: Balances,
  nextId: () => string,
): LateExtras {
  const known = new Map(payments.map((payment) => [keyOf(payment), payment]));
  const added: LateExtra[] = [];
  const postings: Posting[] = [];
  for (const notice of notices) {
    const payment = known.get(keyOf(notice));
    if (!payment || !agrees(notice, payment)) continue;
    const extras = { ...payment.extras, ...notice.extras };
    if (sumOfExtras(extras) > payment.amountMinor) continue;
    known.set(keyOf(notice), { ...payment, extras });
    const changed = changeOf(payment, extras, balances, nextId);
    added.push(...changed.added);
    postings.push(...changed.postings);
  }
  return { added, postings };
}

function agrees(notice: ExtrasNotice, payment: PaymentWithExtras): boolean {
  return (
    notice.amountMinor === payment.amountMinor &&
    notice.currency === payment.currency &&
    mayBe(payment.personNamed ?? payment.personId, notice.personNamed) &&
    (mayBe(payment.orderNamed, notice.orderNamed) || standsIn(notice, payment)) &&
    extraKinds.every((kind) => mayBe(payment.extras[kind] ?? null, notice.extras[kind] ?? null))
  );
}

/** In suspense, a name replaces what stands in for it. */
function standsIn(notice: ExtrasNotice, payment: PaymentWithExtras): boolean {
  return notice.orderStandsIn === true || (payment.orderStandsIn === true && payment.personId === null);
}

function mayBe<Value>(known: Value | null, said: Value | null): boolean {
  return known === null || said === null || known === said;
}

/** Carries the postings into the balances. */
function changeOf(payment: PaymentWithExtras, extras: Extras, balances: Balances, nextId: () => string): LateExtras {
  const { id, personId, currency, orderId } = payment;
  const payer = payerAccount(payment);
  const postings: Posting[] = [];
  const owed = new Map<ExtraKind, number>();
  const post = (posting: Omit<Posting, 'id' | 'orderId' | 'paymentId'>) => {
    const posted = { ...posting, id: nextId(), orderId, paymentId: id };
    balances.post(posted);
    postings.push(posted);
  };
  const [before, after] = [standingExtras(payment), standingExtras({ ...payment, extras })];
  // Refunds took more than the part of the person: which extras they took back depends on all of them.
  for (const { kind, account, amountMinor } of growthOfExtras(after, before, currency)) {
    const { movement, key } = returning[kind];
    const sourceKey = `${key}/${id}/${extraKinds.filter((one) => one in extras).join('-')}`;
    post({ sourceKey, movement, debit: account, credit: payer, amountMinor });
  }
  for (const { kind, account, amountMinor } of growthOfExtras(before, after, currency)) {
    if (personId !== null) {
      const owedMinor = amountMinor - Math.max(0, Math.min(amountMinor, balances.spendableMinor(personId, currency)));
      const [sourceKey, debit] = [`debt/${id}/${kind}`, debtAccount(personId, currency)];
      if (owedMinor > 0) post({ sourceKey, movement: 'raise-debt', debit, credit: payer, amountMinor: owedMinor });
      owed.set(kind, owedMinor);
    }
    const { movement, key } = collecting[kind];
    post({ sourceKey: `${key}/${id}`, movement, debit: payer, credit: account, amountMinor });
  }
  const added = growthOfExtras(payment.extras, extras, currency).map(({ kind, amountMinor }) => {
    return { paymentId: id, kind, amountMinor, owedMinor: owed.get(kind) ?? 0 };
  });
  return { added, postings };
}

/** References hold spaces, names of providers do not. */
function keyOf({ provider, reference }: Pick<PaymentWithExtras, 'provider' | 'reference'>): string {
  return `${provider} ${reference}`;
}
