import { getRouteApi, Link } from '@tanstack/react-router';
import type { SubscriptionDetails } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Day, Instant } from '../../design/data/instant.tsx';
import { ServerText } from '../../design/data/server-text.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { subscriptionsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { SubscriptionPeriods } from './subscription-periods.tsx';
import { SubscriptionStatus } from './subscription-status.tsx';

const route = getRouteApi('/subscriptions/$id');

/** A subscription: what it waits for, its periods with their payments, and how each price came about. */
export function SubscriptionScreen() {
  const words = useWords(subscriptionsWords);
  const { id } = route.useParams();
  const { role } = useSession();
  const subscription = useAsk('getSubscription', { path: { id } });
  return (
    <Page
      title={subscription.data ? words.subscriptionOf(subscription.data.class_title) : words.subscription}
      crumb={
        role === 'member' ? (
          <Link to="/subscriptions">{words.title}</Link>
        ) : (
          <Link to="/admin-subscriptions">{words.adminTitle}</Link>
        )
      }
      actions={subscription.data && <SubscriptionStatus state={subscription.data.state} />}
    >
      <Loaded of={subscription}>
        {(shown) => (
          <div className="columns aside-first">
            <div className="stack aside">
              <Standing subscription={shown} />
            </div>
            <div className="stack">
              <SubscriptionPeriods subscription={shown} />
            </div>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** Where the subscription stands, and what it waits for now. */
function Standing({ subscription }: { readonly subscription: SubscriptionDetails }) {
  const words = useWords(subscriptionsWords);
  const { time_zone: zone } = subscription;
  return (
    <section className="card">
      <h2>{words.now}</h2>
      {subscription.wait_explanation && (
        <p>
          <ServerText>{subscription.wait_explanation}</ServerText>
        </p>
      )}
      {subscription.end_reason && <p>{words.endReasons[subscription.end_reason]}</p>}
      <dl className="pairs">
        <dt>{words.class}</dt>
        <dd>
          <Link to="/classes/$id" params={{ id: subscription.class_id }}>
            {subscription.class_title}
          </Link>
        </dd>
        {subscription.person_name && (
          <>
            <dt>{words.person}</dt>
            <dd>
              <Link to="/persons/$id" params={{ id: subscription.person_id }}>
                {subscription.person_name}
              </Link>
            </dd>
          </>
        )}
        <dt>{words.started}</dt>
        <dd>
          <Instant at={subscription.started_at} zone={zone} />
        </dd>
        <dt>{words.paidThrough}</dt>
        <dd>{subscription.paid_through ? <Day date={subscription.paid_through} /> : words.noEnd}</dd>
        {subscription.anchor && (
          <>
            <dt>{words.anchor}</dt>
            <dd>
              <Day date={subscription.anchor} />
            </dd>
          </>
        )}
        {subscription.suspended_at && (
          <>
            <dt>{words.suspendedSince}</dt>
            <dd>
              <Instant at={subscription.suspended_at} zone={zone} />
            </dd>
          </>
        )}
        {subscription.ended_at && (
          <>
            <dt>{words.ended}</dt>
            <dd>
              <Instant at={subscription.ended_at} zone={zone} />
            </dd>
          </>
        )}
        <dt>{words.subscription}</dt>
        <dd>
          <Copyable value={subscription.subscription_id} name={words.subscriptionId} />
        </dd>
      </dl>
    </section>
  );
}
