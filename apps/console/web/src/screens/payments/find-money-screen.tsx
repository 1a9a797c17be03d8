import { getRouteApi, Link } from '@tanstack/react-router';
import { useAsk } from '../../api/queries.ts';
import { SearchField } from '../../design/controls/search-field.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { Skeleton } from '../../states/skeleton.tsx';
import { OrdersTable } from '../admin-orders/orders-table.tsx';
import { PaymentsTable } from './payments-table.tsx';

const route = getRouteApi('/find-money');

/** Money by what people have of it: a reference, or a payment, order or person. */
export function FindMoneyScreen() {
  const words = useWords(paymentsWords);
  const { search } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={words.findTitle} intro={words.findIntro}>
      <search className="filters">
        <SearchField
          className="field grow"
          label={words.findPlaceholder}
          value={search ?? ''}
          onSearch={(text) => void navigate({ search: text ? { search: text } : {}, replace: true })}
        />
      </search>
      {search ? <Found search={search} /> : <Empty title={words.findNothing} />}
    </Page>
  );
}

/** A refund is under its payment; without its payment it waits in a list of its own. */
function NoPayments() {
  const words = useWords(paymentsWords);
  return (
    <div className="stack-s">
      <p className="soft">{words.noPayments}</p>
      <p>
        <Link to="/waiting-refunds">{words.toWaitingRefunds}</Link>
      </p>
    </div>
  );
}

function Found({ search }: { readonly search: string }) {
  const words = useWords(paymentsWords);
  const query = { search, limit: 10, count: false };
  const payments = useAsk('listPayments', { query });
  const orders = useAsk('listOrders', { query });
  const persons = useAsk('searchPersons', { query });
  // All at once, so that no list pushes another one down; a part that is away says so by itself.
  const isWaiting = [payments, orders, persons].some(({ data, failureReason }) => data === undefined && !failureReason);
  if (isWaiting) return <Skeleton />;
  return (
    <>
      <section className="stack-s">
        <h2>{words.payments}</h2>
        <Loaded of={payments} empty={<NoPayments />}>
          {({ items }) => <PaymentsTable caption={words.payments} payments={items} />}
        </Loaded>
      </section>
      <section className="stack-s">
        <h2>{words.orders}</h2>
        <Loaded of={orders} empty={<p className="soft">{words.noOrders}</p>}>
          {({ items }) => <OrdersTable caption={words.orders} orders={items} />}
        </Loaded>
      </section>
      <section className="stack-s">
        <h2>{words.persons}</h2>
        <Loaded of={persons} empty={<p className="soft">{words.noPersons}</p>}>
          {({ items }) => (
            <ul className="list">
              {items.map(({ person_id, name, email }) => (
                <li key={person_id}>
                  <Link to="/persons/$id" params={{ id: person_id }} search={{ part: 'account' }}>
                    {name}
                  </Link>
                  <span className="soft small" translate="no">
                    {email}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </section>
    </>
  );
}
