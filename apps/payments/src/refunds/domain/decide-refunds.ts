import type { Refund } from './refund.js';
import { RefundBook, type RefundChanges, type RefundState } from './refund-book.js';
import type { RefundAnswer, RefundNotice } from './refund-notice.js';

/** What a set of notices does, and what each is answered. */
export interface RefundDecision extends RefundChanges {
  /** Refunds that were not known before, as they were received, in that order. */
  readonly added: readonly Refund[];
  /** One per notice, in order. */
  readonly answers: readonly RefundAnswer[];
}

/** A notice beside the refund that it is about, as that stood before the set. */
interface Received {
  readonly notice: RefundNotice;
  readonly refund: Refund;
  /** The notice says of the refund what its first notice said. */
  readonly agrees: boolean;
  readonly isNew: boolean;
}

/**
 * Decides a set of notices. The first notice of a refund says what it is; one that differs changes nothing. Money
 * that came back is credited before other refunds are applied.
 *
 * @param nextId gives new ids, each larger than the one before
 */
export function decideRefunds(
  notices: readonly RefundNotice[],
  state: RefundState,
  nextId: () => string,
): RefundDecision {
  const book = new RefundBook(state, nextId);
  const received = receive(notices, state.refunds, nextId);
  const added = [...new Set(received.filter(({ isNew }) => isNew).map(({ refund }) => refund))];
  for (const refund of added) book.add(refund);

  const due = (reinstated: boolean) =>
    received
      .filter(({ notice, agrees }) => agrees && notice.reinstated === reinstated)
      .map(({ notice, refund }) => ({ refundId: refund.id, cause: notice.cause }));
  book.reinstate(due(true));
  book.apply(due(false));

  const changes = book.changes();
  return { ...changes, added, answers: answersTo(received, changes) };
}

function receive(notices: readonly RefundNotice[], refunds: readonly Refund[], nextId: () => string): Received[] {
  const before = new Map(refunds.map((refund) => [keyOf(refund), refund]));
  const added = new Map<string, Refund>();
  return notices.map((notice) => {
    const known = before.get(keyOf(notice));
    const refund = known ?? added.get(keyOf(notice)) ?? refundOf(notice, nextId());
    if (!known) added.set(keyOf(notice), refund);
    return { notice, refund, agrees: agree(notice, refund), isNew: !known };
  });
}

function answersTo(received: readonly Received[], { moves, refused, voided }: RefundChanges): RefundAnswer[] {
  const applied = new Set(moves.filter(({ refund }) => refund.state === 'applied').map(({ refund }) => refund.id));
  /** Notices that agree, seen so far in this set: `refund id, whether reinstated`. */
  const seen = new Set<string>();
  return received.map(({ notice: { reinstated }, refund, agrees, isNew }): RefundAnswer => {
    if (!agrees) return { verdict: 'quarantined', reason: 'REFUND_REUSED', refundId: null };
    const isFirst = !seen.has(`${refund.id} ${reinstated}`);
    const isOvertaken = seen.has(`${refund.id} true`);
    seen.add(`${refund.id} ${reinstated}`);
    const reason = reinstated ? undefined : refused.get(refund.id);
    if (reason) return { verdict: 'quarantined', reason, refundId: refund.id };
    const isNews = reinstated ? refund.state !== 'reinstated' : applied.has(refund.id) || (isNew && !isOvertaken);
    const isMoved = reinstated || applied.has(refund.id) || voided.includes(refund.id);
    const verdict = isMoved ? 'applied' : 'waiting';
    return { verdict: isFirst && isNews ? verdict : 'duplicate', reason: null, refundId: refund.id };
  });
}

function agree(notice: RefundNotice, refund: Refund): boolean {
  return (
    notice.paymentReference === refund.paymentReference &&
    notice.amountMinor === refund.amountMinor &&
    notice.currency === refund.currency
  );
}

function refundOf({ reinstated: _, cause: __, ...notice }: RefundNotice, id: string): Refund {
  return { ...notice, id, state: 'waiting' };
}

/** References hold spaces, kinds and names of providers do not. */
function keyOf({ provider, kind, reference }: Pick<Refund, 'provider' | 'kind' | 'reference'>): string {
  return `${provider} ${kind} ${reference}`;
}
