import { getRouteApi, Link } from '@tanstack/react-router';
import type { PaymentDetail } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { ProviderName } from '../../design/data/provider-name.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';
import { ActionsLink } from '../../shell/actions-link.tsx';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { MoneyWay } from '../ledger/money-way.tsx';
import { ReferenceRow } from '../reference-row.tsx';
import { CorrectPayment } from './corrections.tsx';
import { PaymentHistory } from './payment-history.tsx';
import { Whose } from './payments-table.tsx';

const route = getRouteApi('/payments/$id');

/** One payment: whose it is, where its money is, and what was said and done about it. */
export function PaymentScreen() {
  const words = useWords(paymentsWords);
  const { id } = route.useParams();
  const { role } = useSession();
  const payment = useAsk('getPayment', { path: { id } });
  return (
    <Page
      title={payment.data ? words.paymentOf(payment.data.reference) : words.payment}
      crumb={<Link to="/find-money">{words.back}</Link>}
      actions={
        payment.data && (
          <>
            <ActionsLink subject={id} />
            {role === 'admin' && <CorrectPayment payment={payment.data} />}
          </>
        )
      }
    >
      <Loaded of={payment}>
        {(shown) => (
          <>
            <Details payment={shown} />
            <MoneyWay
              transfers={shown.transfers}
              names={shown.person_id === null ? {} : { [shown.person_id]: shown.person_name }}
            />
            <PaymentHistory payment={shown} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Details({ payment }: { readonly payment: PaymentDetail }) {
  const words = useWords(paymentsWords);
  const { currency, refunded_minor, extras_minor, order_id, assigned_by, note, received_at } = payment;
  return (
    <section className="card">
      <dl className="pairs">
        <dt>{words.amount}</dt>
        <dd>
          <Money minor={payment.amount_minor} currency={currency} />
        </dd>
        {refunded_minor > 0 && (
          <>
            <dt>{words.refundedMinor}</dt>
            <dd>
              <Money minor={refunded_minor} currency={currency} />
            </dd>
          </>
        )}
        {extras_minor > 0 && (
          <>
            <dt>{words.extras}</dt>
            <dd>
              <Money minor={extras_minor} currency={currency} />
            </dd>
          </>
        )}
        <dt>{words.person}</dt>
        <dd>
          <Whose payment={payment} />
        </dd>
        <ReferenceRow title={words.order} to="/orders/$id" id={order_id} />
        <dt>{words.provider}</dt>
        <dd>
          <ProviderName provider={payment.provider} />
        </dd>
        <dt>{words.received}</dt>
        <dd>
          <Instant at={received_at ?? payment.registered_at} />
        </dd>
        {assigned_by && (
          <>
            <dt>{words.assignedBy}</dt>
            <dd translate="no">{assigned_by}</dd>
          </>
        )}
        {note && (
          <>
            <dt>{words.note}</dt>
            <dd>{note}</dd>
          </>
        )}
        <dt>{words.payment}</dt>
        <dd>
          <Copyable value={payment.payment_id} name={words.paymentId} />
        </dd>
      </dl>
    </section>
  );
}
