import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Order, OrderMoney } from '../api/generated/operations.ts';
import { Instant } from '../design/data/instant.tsx';
import { ServerText } from '../design/data/server-text.tsx';
import { useWords } from '../messages/catalogue.ts';
import { whyWords } from '../messages/words.ts';
import { Loaded } from '../states/loaded.tsx';
import { type Lamp, Lamps } from './lamps.tsx';

export interface OrderWhyProps {
  readonly order: Order;
  readonly money: UseQueryResult<OrderMoney>;
  /** Who acts next, in place of the sentence for members: an admin may approve, or find money. */
  readonly next?: ReactNode;
}

type Receivable = OrderMoney['receivable'];

/** Why an order does not move: one sentence of the server, and four lamps. Nothing for an order that is over. */
export function OrderWhy({ order, money, next }: OrderWhyProps) {
  const words = useWords(whyWords);
  if (order.waits_for === null) return null;
  return (
    <section className="card" aria-labelledby="why">
      <h2 id="why">{words.whyTitle}</h2>
      <Loaded of={money}>
        {({ receivable }) => (
          <>
            <div>
              {order.waits_for && <p className="strong">{words.waits[order.waits_for]}</p>}
              <p className="soft">
                <ServerText>{receivable?.explanation ?? order.wait_explanation ?? ''}</ServerText>
              </p>
            </div>
            <Lamps label={words.lamps} lamps={lampsOf(order, receivable, words)} />
            <div className="small">
              <span className="strong">{words.next}: </span>
              {next ?? nextOf(order, words)}
            </div>
          </>
        )}
      </Loaded>
    </section>
  );
}

type Words = typeof import('../messages/en/why.ts')['words'];

function nextOf({ waits_for }: Order, words: Words): string {
  if (waits_for === 'payment') return words.nextPay;
  return waits_for === 'approval' ? words.nextApprove : words.nextNobody;
}

function lampsOf(order: Order, receivable: Receivable, words: Words): readonly Lamp[] {
  const money = {
    open: words.moneyOpen,
    reserved: words.moneyReserved,
    settled: words.moneySettled,
    withdrawn: words.moneyWithdrawn,
  };
  const isPaid = receivable?.state === 'reserved' || receivable?.state === 'settled';
  const isComplete = order.state === 'closed';
  return [
    {
      name: words.seat,
      isLit: true,
      text: isComplete ? words.seatTaken : words.seatHeld,
      more:
        order.state === 'opened' && order.expires_at ? (
          <>
            {words.seatHeldUntil} <Instant at={order.expires_at} />
          </>
        ) : undefined,
    },
    {
      name: words.codes,
      isLit: true,
      text: order.discounts.length === 0 ? words.codesNone : isComplete ? words.codesRedeemed : words.codesHeld,
      more: order.discounts.map(({ code }) => code).join(', ') || undefined,
    },
    {
      name: words.money,
      isLit: isPaid,
      text: receivable ? money[receivable.state] : words.moneyComing,
    },
    {
      name: words.approval,
      isLit: !order.approval_required || isComplete,
      text: approvalText(order, isComplete, words),
    },
  ];
}

function approvalText({ approval_required, waits_for }: Order, isComplete: boolean, words: Words): string {
  if (!approval_required) return words.approvalNone;
  if (isComplete) return words.approvalDone;
  return waits_for === 'approval' ? words.approvalWaits : words.approvalLater;
}
