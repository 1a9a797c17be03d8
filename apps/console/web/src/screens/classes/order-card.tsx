import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Class, Quote } from '../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Money } from '../../design/data/money.tsx';
import { ServerText } from '../../design/data/server-text.tsx';
import { Form } from '../../forms/form.tsx';
import { useForm } from '../../forms/use-form.ts';
import { useWords } from '../../messages/catalogue.ts';
import { classesWords } from '../../messages/words.ts';
import { useSession } from '../../shell/session.tsx';
import { Skeleton } from '../../states/skeleton.tsx';
import { Notice } from '../../states/state.tsx';
import { CodeRefused } from '../../why/code-refusal.tsx';
import { ChosenAmount } from './chosen-amount.tsx';
import { CodeField } from './code-field.tsx';

const route = getRouteApi('/classes/$id');

export interface OrderCardProps {
  readonly of: Class;
  /** The price without codes. */
  readonly quote: Quote;
  readonly personId: string | null;
  readonly codes: readonly string[];
}

/** Price, codes, what is left to pay, and Order. */
export function OrderCard({ of: one, quote: base, personId, codes }: OrderCardProps) {
  const words = useWords(classesWords);
  const navigate = route.useNavigate();
  const setCodes = (next: readonly string[]) =>
    void navigate({ search: { codes: next.length > 0 ? next : undefined }, replace: true, resetScroll: false });
  const person = personId ? { person_id: personId } : {};
  const [amount, setAmount] = useState<number>();
  const chosen = amount === undefined ? {} : { chosen_amount_minor: amount };
  const withAmount = useAsk(
    'quoteClass',
    { path: { id: one.class_id }, body: { ...person, ...chosen } },
    { isEnabled: amount !== undefined, keepsPrevious: true },
  );
  const regular = amount === undefined ? base : (withAmount.data ?? base);
  const withCodes = useAsk(
    'quoteClass',
    { path: { id: one.class_id }, body: { ...person, ...chosen, promo_codes: codes } },
    { isEnabled: codes.length > 0, isRead: 'once' },
  );
  const reduced = codes.length > 0 && withCodes.data?.promo_codes?.usable ? withCodes.data : undefined;
  const priced = reduced ?? regular;
  const isUndecided = codes.length > 0 && withCodes.data === undefined;
  const refusal = codes.length > 0 ? withCodes.data?.promo_codes?.refusal : undefined;
  return (
    <div className="stack">
      {base.choosable_amount && (
        <ChosenAmount
          of={base.choosable_amount}
          currency={base.currency}
          error={withAmount.error}
          isBusy={withAmount.isFetching}
          onChoose={setAmount}
        />
      )}
      <dl className="sum">
        <div>
          <dt>{words.regularPrice}</dt>
          <dd>
            <Money minor={regular.price_minor ?? regular.amount_minor} currency={base.currency} />
          </dd>
        </div>
        {priced.discounts.map(({ code, discount_minor, explanation }) => (
          <div key={code}>
            <dt>
              <span translate="no">{code}</span>
              <span className="soft small block">
                <ServerText>{explanation}</ServerText>
              </span>
            </dt>
            <dd>
              <Money minor={-discount_minor} currency={base.currency} />
            </dd>
          </div>
        ))}
        <div className="total">
          <dt>{words.toPay}</dt>
          <dd>
            <Money minor={priced.amount_minor} currency={base.currency} />
          </dd>
        </div>
      </dl>
      {refusal && <CodeRefused code={codes.join(', ')} refusal={refusal} />}
      {isUndecided && <Undecided of={withCodes} onDrop={() => setCodes([])} />}
      <CodeField classId={one.class_id} personId={personId} codes={codes} amount={amount} onChange={setCodes} />
      {!isUndecided && (
        <MayOrder
          of={one}
          quote={priced}
          personId={personId}
          codes={reduced ? codes : []}
          amount={withAmount.error ? undefined : amount}
        />
      )}
    </div>
  );
}

/** Until the codes of the address are priced nothing is ordered: it would be at the full price. */
function Undecided({ of, onDrop }: { readonly of: UseQueryResult<Quote>; readonly onDrop: () => void }) {
  const words = useWords(classesWords);
  const error = of.error ?? of.failureReason;
  if (!error) return <Skeleton lines={2} />;
  return (
    <Notice tone="warn" role="status" title={words.codesAway}>
      <Button onClick={onDrop}>{words.withoutCodes}</Button>
    </Notice>
  );
}

interface OrderFormProps extends OrderCardProps {
  /** The amount that the person chose. */
  readonly amount: number | undefined;
}

function MayOrder(props: OrderFormProps) {
  const words = useWords(classesWords);
  const { role } = useSession();
  if (role !== 'member' && role !== 'admin') return <p className="soft small">{words.signInToOrder}</p>;
  return <OrderForm {...props} />;
}

function OrderForm({ of: one, quote, personId, codes, amount }: OrderFormProps) {
  const words = useWords(classesWords);
  const navigate = route.useNavigate();
  const refresh = useRefresh();
  const form = useForm({
    operation: 'openOrder',
    initial: {},
    request: (_, key) => ({
      key,
      body: {
        person_id: personId ?? '',
        class_id: one.class_id,
        currency: quote.currency,
        amount_minor: quote.amount_minor,
        ...(codes.length > 0 ? { promo_codes: codes } : {}),
        ...(amount === undefined ? {} : { chosen_amount_minor: amount }),
      },
    }),
    onDone: async (order) => {
      await refresh('listOrders', 'listClasses', 'getClass');
      await navigate({ to: '/orders/$id', params: { id: order.order_id } });
    },
    onRefused: ({ code }) => {
      if (code === 'PRICE_CHANGED' || code === 'CLASS_FULL') void refresh('quoteClass', 'getClass');
    },
  });
  if (personId === null) return <p className="soft small">{words.choosePerson}</p>;
  return (
    <>
      <Form form={form} submit={quote.amount_minor === 0 ? words.orderFree : words.order} nextStep={nextStep} />
      <p className="soft small">{quote.amount_minor === 0 ? words.orderNoteFree : words.orderNote}</p>
    </>
  );
}

const nextStep = (code: string, details: Readonly<Record<string, unknown>>) => (
  <NextStep code={code} details={details} />
);

function NextStep({ code, details }: { readonly code: string; readonly details: Readonly<Record<string, unknown>> }) {
  const words = useWords(classesWords);
  if (code === 'PRICE_CHANGED') return <p className="small">{words.priceChanged}</p>;
  if (code === 'CLASS_FULL' || code === 'CLASS_ENDED') {
    return (
      <Link to="/classes" search={{ available: true }}>
        {words.otherClasses}
      </Link>
    );
  }
  if (typeof details.order_id === 'string') {
    return (
      <Link to="/orders/$id" params={{ id: details.order_id }}>
        {words.openOrder}
      </Link>
    );
  }
  return null;
}
