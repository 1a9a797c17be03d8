import { getRouteApi, Link } from '@tanstack/react-router';
import { useAsk } from '../../api/queries.ts';
import { Money } from '../../design/data/money.tsx';
import { ServerText } from '../../design/data/server-text.tsx';
import { Status } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { ledgerWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { MoneyWay } from './money-way.tsx';

const route = getRouteApi('/order-money/$id');

/** Where the money of an order is, from the provider to the class. */
export function OrderMoneyScreen() {
  const words = useWords(ledgerWords);
  const { id } = route.useParams();
  const money = useAsk('getOrderMoney', { path: { id } });
  const order = useAsk('getOrder', { path: { id } });
  const { person_id = '', person_name, class_id = '', class_title } = order.data ?? {};
  return (
    <Page
      title={words.orderMoney}
      crumb={
        <Link to="/orders/$id" params={{ id }}>
          {words.orderBack}
        </Link>
      }
    >
      <Loaded of={money}>
        {({ receivable, payments, transfers }) => (
          <>
            {receivable && (
              <section className="card">
                <h2>{words.receivable}</h2>
                <p className="row">
                  <Money minor={receivable.amount_minor} currency={receivable.currency} />
                  <Status tone={receivable.state === 'settled' ? 'good' : 'info'}>
                    {words.receivables[receivable.state]}
                  </Status>
                </p>
                <p className="soft">
                  <ServerText>{receivable.explanation}</ServerText>
                </p>
                {payments.map(({ payment_id, reference }) => (
                  <Link key={payment_id} to="/payments/$id" params={{ id: payment_id }}>
                    {words.payment} <span translate="no">{reference}</span>
                  </Link>
                ))}
              </section>
            )}
            <MoneyWay transfers={transfers} names={{ [person_id]: person_name, [class_id]: class_title }} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
