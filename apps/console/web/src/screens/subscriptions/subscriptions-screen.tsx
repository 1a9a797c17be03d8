import { getRouteApi, Link } from '@tanstack/react-router';
import type { Subscription } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { OwnZone } from '../../design/data/instant.tsx';
import { Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { subscriptionsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { subscriptionStates } from './params.ts';
import { useSubscriptionColumns } from './subscription-columns.tsx';

const route = getRouteApi('/subscriptions');

/** A member's own subscriptions. */
export function SubscriptionsScreen() {
  const words = useWords(subscriptionsWords);
  const { state, after } = route.useSearch();
  const navigate = route.useNavigate();
  const subscriptions = useAsk('listSubscriptions', { query: { state, after, limit: 25 } }, { keepsPrevious: true });
  const show = (chosen: Subscription['state'] | undefined) =>
    void navigate({ search: { state: chosen }, replace: true });
  const columns = useSubscriptionColumns();
  const empty = (
    <Empty title={words.emptyTitle}>
      <p>{words.emptyText}</p>
      <Link to="/classes" className={buttonClass('primary')}>
        {words.toClasses}
      </Link>
    </Empty>
  );
  const filters = state ? [{ name: words.states[state], drop: () => show(undefined) }] : [];
  return (
    <Page title={words.title} intro={words.intro}>
      <search className="filters">
        <Select
          label={words.state}
          value={state ?? ''}
          onChange={(chosen) => show(subscriptionStates.find((known) => known === chosen))}
          choices={[
            { value: '', label: words.allStates },
            ...subscriptionStates.map((value) => ({ value, label: words.states[value] })),
          ]}
        />
      </search>
      <Loaded of={subscriptions} filters={filters} empty={empty}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.title}
              columns={columns}
              rows={page.items}
              rowKey={({ subscription_id }) => subscription_id}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}
