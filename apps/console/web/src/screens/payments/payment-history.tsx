import type { PaymentDetail } from '../../api/generated/operations.ts';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { Status } from '../../design/data/status.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { paymentsWords } from '../../messages/words.ts';
import { Bytes } from './review/quarantined-screen.tsx';

/** Refunds and disputes, corrections by admins, and the notifications that were about the payment. */
export function PaymentHistory({ payment }: { readonly payment: PaymentDetail }) {
  const words = useWords(paymentsWords);
  const { currency, returns, corrections, notifications } = payment;
  return (
    <>
      {returns.length > 0 && (
        <section className="stack-s">
          <h2>{words.returns}</h2>
          <ul className="list">
            {returns.map(({ refund_id, kind, reference, state, amount_minor, author, reason, received_at }) => (
              <li key={refund_id}>
                <div className="row-between">
                  <span>
                    {words.kinds[kind]} <span translate="no">{reference}</span>{' '}
                    <Status tone={state === 'applied' ? 'info' : 'neutral'}>{words.returnStates[state]}</Status>
                  </span>
                  <Money minor={amount_minor} currency={currency} />
                </div>
                <span className="soft small">
                  <Instant at={received_at} /> {author && `${words.by} ${author}`} {reason}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {corrections.length > 0 && (
        <section className="stack-s">
          <h2>{words.corrections}</h2>
          <ul className="list">
            {corrections.map(({ kind, moved_minor, reason, author, recorded_at }) => (
              <li key={recorded_at}>
                <div className="row-between">
                  <span>{words.correctionKinds[kind]}</span>
                  <Money minor={moved_minor} currency={currency} />
                </div>
                <span className="soft small">
                  <Instant at={recorded_at} /> {words.by} {author}: {reason}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {notifications.length > 0 && (
        <section className="stack-s">
          <h2>{words.notifications}</h2>
          <ul className="list">
            {notifications.map(({ notification_id, event_id, verdict, reason, body, received_at }) => (
              <li key={notification_id}>
                <div className="row-between">
                  <span translate="no">{event_id ?? notification_id}</span>
                  <Status tone={verdict === 'quarantined' ? 'bad' : 'neutral'}>{words.verdicts[verdict]}</Status>
                </div>
                <span className="soft small">
                  <Instant at={received_at} /> <span translate="no">{reason}</span>
                </span>
                <Bytes body={body} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
