import { Link } from '@tanstack/react-router';
import type { Subscription } from '../../api/generated/operations.ts';
import { Day, Instant } from '../../design/data/instant.tsx';
import type { Column } from '../../design/data/table.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { subscriptionsWords } from '../../messages/words.ts';
import { SubscriptionStatus } from './subscription-status.tsx';

/** The columns of a list of subscriptions; `person` stands after the class where the list is of many persons. */
export function useSubscriptionColumns(person?: Column<Subscription>): readonly Column<Subscription>[] {
  const words = useWords(subscriptionsWords);
  return [
    {
      title: words.class,
      isHeader: true,
      cell: ({ subscription_id, class_title }) => (
        <Link to="/subscriptions/$id" params={{ id: subscription_id }}>
          {class_title}
        </Link>
      ),
    },
    ...(person ? [person] : []),
    { title: words.state, cell: ({ state }) => <SubscriptionStatus state={state} /> },
    {
      title: words.paidThrough,
      cell: ({ paid_through }) => (paid_through ? <Day date={paid_through} /> : words.noEnd),
    },
    {
      title: words.next,
      cell: ({ next_at, next_period, state }) =>
        next_at === null || state === 'ended' ? (
          words.nothingNext
        ) : (
          <>
            {next_period === null ? words.ends : words.periodOpens(String(next_period))}{' '}
            <Instant at={next_at} isZoneHidden />
          </>
        ),
    },
  ];
}
