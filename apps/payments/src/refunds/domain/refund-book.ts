import { collecting, type ExtraMove, growthOfExtras, returning, standingExtras } from '../../extras/domain/extras.js';
import type { MovementCause } from '../../ledger/cause.js';
import type { Balances } from '../../ledger/domain/balances.js';
import { clearingAccount, debtAccount, type Posting, refundExpenseAccount } from '../../ledger/domain/posting.js';
import { payerAccount } from '../../payment-rows/payer-account.js';
import type { Refund, RefundablePayment, RefundRefusal } from './refund.js';

/** What is known of refunds before a decision, read under the ledger's lock. */
export interface RefundState {
  /** In the order of their receipt. */
  readonly refunds: readonly Refund[];
  readonly payments: readonly RefundablePayment[];
  readonly balances: Balances;
}

/** A refund that moved money: it was applied, or it was applied before and is reinstated now. */
export interface RefundMove {
  /** As it stands afterwards. */
  readonly refund: Refund;
  readonly payment: RefundablePayment;
  /** What the person did not have, and owes us since; zero when the money came back. */
  readonly owedMinor: number;
  /** What is beyond the payment: an expense of ours, or when the money came back, that expense returned. */
  readonly excessMinor: number;
  /** Of the person's account after this move; null in suspense. */
  readonly accountVersion: number | null;
  /** What of the money that came back is tax, shipping or a tip again; zero of an applied refund. */
  readonly collectedMinor: number;
  readonly cause: MovementCause;
}

/** A refund that is to be moved, and what led to that. */
export interface DueRefund {
  readonly refundId: string;
  readonly cause: MovementCause;
}

/** What a decision changes. */
export interface RefundChanges {
  /** First the reinstated ones, then those that were applied. */
  readonly moves: readonly RefundMove[];
  /** Refunds that contradict their payment. They go on waiting. */
  readonly refused: ReadonlyMap<string, RefundRefusal>;
  /** The refunds that ended without a move: they were reinstated before they were applied. */
  readonly voided: readonly string[];
  /** By the id of the payment, what is refunded of it now, and what beyond it. */
  readonly refunded: ReadonlyMap<string, Pick<RefundablePayment, 'refundedMinor' | 'excessMinor'>>;
  /** One set after the other, in this order, so that no running balance of a person falls below zero on the way. */
  readonly postings: readonly (readonly Posting[])[];
  /** The accounts after all postings. */
  readonly balances: Balances;
}

/** Refunds, their payments and the accounts behind them, while a set of notices is decided. */
export class RefundBook {
  private readonly refunds: Map<string, Refund>;
  private readonly payments: Map<string, RefundablePayment>;
  private readonly balances: Balances;
  private readonly moved: Omit<RefundMove, 'accountVersion'>[] = [];
  private readonly refused = new Map<string, RefundRefusal>();
  private readonly voided: string[] = [];
  private readonly refunded = new Map<string, Pick<RefundablePayment, 'refundedMinor' | 'excessMinor'>>();
  private readonly reinstatements: Posting[] = [];
  private readonly debts: Posting[] = [];
  private readonly takings: Posting[] = [];
  private readonly excesses: Posting[] = [];
  private readonly collections: Posting[] = [];
  private readonly returns: Posting[] = [];

  /** @param nextId gives new ids, each larger than the one before */
  constructor(
    private readonly state: RefundState,
    private readonly nextId: () => string,
  ) {
    this.refunds = new Map(state.refunds.map((refund) => [refund.id, refund]));
    this.payments = new Map(
      state.payments.map((payment) => [paymentKey(payment.provider, payment.reference), payment]),
    );
    this.balances = state.balances.asRead();
  }

  /** Takes in a refund that was not known before. */
  add(refund: Refund): void {
    this.refunds.set(refund.id, refund);
  }

  /**
   * Returns the money of applied refunds: first what was taken beyond the payment goes back to our expense account, the
   * rest to the person whose payment it is by now. A refund that waits is voided: nothing of it moves any more.
   */
  reinstate(due: readonly DueRefund[]): void {
    for (const { refund, cause } of this.inOrderOfReceipt(due)) {
      if (refund.state === 'reinstated') continue;
      const ended: Refund = { ...refund, state: 'reinstated' };
      this.refunds.set(refund.id, ended);
      const payment = this.paymentOf(refund);
      if (refund.state === 'waiting' || !payment) {
        this.voided.push(refund.id);
        continue;
      }
      const excessMinor = Math.min(refund.amountMinor, payment.excessMinor);
      const returnedMinor = refund.amountMinor - excessMinor;
      const posting = {
        debit: clearingAccount(refund.provider, refund.currency),
        orderId: payment.orderId,
        paymentId: payment.id,
        correctionOf: refund.id,
      };
      this.post(this.reinstatements, {
        ...posting,
        id: this.nextId(),
        sourceKey: `reinstate/${refund.id}`,
        movement: refund.kind === 'refund' ? 'reinstate-refund' : 'reinstate-dispute',
        credit: payerAccount(payment),
        amountMinor: returnedMinor,
      });
      this.post(this.excesses, {
        ...posting,
        id: this.nextId(),
        sourceKey: `reinstate-excess/${refund.id}`,
        movement: 'reinstate-excess',
        credit: refundExpenseAccount(refund.currency),
        amountMinor: excessMinor,
      });
      const collectedMinor = this.collectAgain(refund, payment, returnedMinor);
      this.setRefunded(payment, -returnedMinor, -excessMinor);
      this.moved.push({ refund: ended, payment, owedMinor: 0, excessMinor, collectedMinor, cause });
    }
  }

  /**
   * Applies those of these refunds that wait and whose payment is known. Our books follow the provider: up to what is
   * left of the payment from the person and then from its extras, what is beyond it from our expense account. What the
   * person does not have becomes their debt. Money in suspense covers all that can be refunded of it.
   */
  apply(due: readonly DueRefund[]): void {
    for (const { refund, cause } of this.inOrderOfReceipt(due)) {
      const payment = this.paymentOf(refund);
      if (refund.state !== 'waiting' || !payment) continue;
      if (refund.currency !== payment.currency) {
        this.refused.set(refund.id, 'REFUND_CURRENCY_DIFFERS');
        continue;
      }
      const takenMinor = Math.min(refund.amountMinor, payment.amountMinor - payment.refundedMinor);
      const excessMinor = refund.amountMinor - takenMinor;
      this.giveExtrasBack(refund, payment, takenMinor);
      const owedMinor = this.missingMinor(takenMinor, payment);
      this.postApplied(refund, payment, { takenMinor, excessMinor, owedMinor });
      const applied: Refund = { ...refund, state: 'applied' };
      this.refunds.set(refund.id, applied);
      this.setRefunded(payment, takenMinor, excessMinor);
      this.moved.push({ refund: applied, payment, owedMinor, excessMinor, collectedMinor: 0, cause });
    }
  }

  /** Refunds take the part of the person first: what this one takes above it comes back from the extras. */
  private giveExtrasBack(refund: Refund, payment: RefundablePayment, takenMinor: number): void {
    const after = { ...payment, refundedMinor: payment.refundedMinor + takenMinor };
    for (const { kind, account, amountMinor } of extrasBetween(after, payment)) {
      const { movement, key } = returning[kind];
      const [sourceKey, credit] = [`${key}/${refund.id}`, payerAccount(payment)];
      this.postExtra(this.returns, payment, { movement, sourceKey, debit: account, credit, amountMinor });
    }
  }

  /** Answers how much of the money that came back is extras again. */
  private collectAgain(refund: Refund, payment: RefundablePayment, returnedMinor: number): number {
    const after = { ...payment, refundedMinor: payment.refundedMinor - returnedMinor };
    const moves = extrasBetween(payment, after);
    for (const { kind, account, amountMinor } of moves) {
      const { movement, key } = collecting[kind];
      const [sourceKey, debit] = [`${key}/${refund.id}`, payerAccount(payment)];
      this.postExtra(this.collections, payment, { movement, sourceKey, debit, credit: account, amountMinor });
    }
    return moves.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  }

  private postExtra(set: Posting[], { id, orderId }: RefundablePayment, posting: ExtraPosting): void {
    this.post(set, { ...posting, id: this.nextId(), orderId, paymentId: id });
  }

  private postApplied(
    refund: Refund,
    payment: RefundablePayment,
    { takenMinor, excessMinor, owedMinor }: { takenMinor: number; excessMinor: number; owedMinor: number },
  ): void {
    const named = { orderId: payment.orderId, paymentId: payment.id };
    const posting = { ...named, credit: clearingAccount(refund.provider, refund.currency), correctionOf: payment.id };
    if (payment.personId !== null) {
      this.post(this.debts, {
        ...named,
        id: idBefore(refund.id),
        sourceKey: `debt/${refund.id}`,
        movement: 'raise-debt',
        debit: debtAccount(payment.personId, refund.currency),
        credit: payerAccount(payment),
        amountMinor: owedMinor,
      });
    }
    this.post(this.takings, {
      ...posting,
      id: refund.id,
      sourceKey: `refund/${refund.id}`,
      movement: refund.kind === 'refund' ? 'refund-payment' : 'dispute-payment',
      debit: payerAccount(payment),
      amountMinor: takenMinor,
    });
    this.post(this.excesses, {
      ...posting,
      id: this.nextId(),
      sourceKey: `excess/${refund.id}`,
      movement: refund.kind === 'refund' ? 'refund-excess' : 'dispute-excess',
      debit: refundExpenseAccount(refund.currency),
      amountMinor: excessMinor,
    });
  }

  /** All that was decided. */
  changes(): RefundChanges {
    const sets = [this.reinstatements, this.collections, this.returns, this.debts, this.takings, this.excesses];
    const postings = sets.filter((set) => set.length > 0);
    const versions = this.versionsAfter(postings);
    const moves = this.moved.map((move): RefundMove => {
      const key = `${move.refund.state === 'reinstated' ? 'reinstate' : 'refund'}/${move.refund.id}`;
      // All of it was beyond the payment: the account has not changed.
      const unchanged = this.balances.version(payerAccount(move.payment));
      return { ...move, accountVersion: move.payment.personId === null ? null : (versions.get(key) ?? unchanged) };
    });
    const { refused, voided, refunded, balances } = this;
    return { moves, refused, voided, refunded, postings, balances };
  }

  /**
   * By source key, the version of the payer's account after that posting. Each set is entered in the order of ids.
   */
  private versionsAfter(postings: readonly (readonly Posting[])[]): Map<string, number> {
    const balances = this.state.balances.asRead();
    const versions = new Map<string, number>();
    for (const set of postings) {
      for (const posting of set.toSorted((left, right) => (left.id < right.id ? -1 : 1))) {
        balances.post(posting);
        const payer = posting.credit.kind === 'provider_clearing' ? posting.debit : posting.credit;
        versions.set(posting.sourceKey, balances.version(payer));
      }
    }
    return versions;
  }

  private missingMinor(takenMinor: number, { personId, currency }: RefundablePayment): number {
    if (personId === null) return 0;
    return takenMinor - Math.max(0, Math.min(takenMinor, this.balances.spendableMinor(personId, currency)));
  }

  /** A posting of nothing is none. */
  private post(set: Posting[], posting: Posting): void {
    if (posting.amountMinor === 0) return;
    set.push(posting);
    this.balances.post(posting);
  }

  private paymentOf({ provider, paymentReference }: Refund): RefundablePayment | undefined {
    return this.payments.get(paymentKey(provider, paymentReference));
  }

  private setRefunded(payment: RefundablePayment, byMinor: number, excessByMinor: number): void {
    const refunded = {
      refundedMinor: payment.refundedMinor + byMinor,
      excessMinor: payment.excessMinor + excessByMinor,
    };
    this.payments.set(paymentKey(payment.provider, payment.reference), { ...payment, ...refunded });
    this.refunded.set(payment.id, refunded);
  }

  /** Each refund once, with the first cause that is given for it. */
  private inOrderOfReceipt(due: readonly DueRefund[]): { refund: Refund; cause: MovementCause }[] {
    const causes = new Map(due.toReversed().map(({ refundId, cause }) => [refundId, cause]));
    return [...this.refunds.values()].flatMap((refund) => {
      const cause = causes.get(refund.id);
      return cause ? [{ refund, cause }] : [];
    });
  }
}

type ExtraPosting = Pick<Posting, 'sourceKey' | 'movement' | 'debit' | 'credit' | 'amountMinor'>;

/** What the accounts of extras have more by one sum of refunds than by another one, which is larger. */
function extrasBetween(larger: RefundablePayment, smaller: RefundablePayment): ExtraMove[] {
  return growthOfExtras(standingExtras(larger), standingExtras(smaller), smaller.currency);
}

/** The id that comes just before another one. Ids are drawn at random in their last digits: it is free. */
function idBefore(id: string): string {
  const last = BigInt.asUintN(48, BigInt(`0x${id.slice(-12)}`) - 1n);
  return id.slice(0, -12) + last.toString(16).padStart(12, '0');
}

/** References hold spaces, names of providers do not. */
function paymentKey(provider: string, reference: string): string {
  return `${provider} ${reference}`;
}
