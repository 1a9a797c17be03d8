import { getRouteApi, Link } from '@tanstack/react-router';
import type { DecisionReceiptDetails } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { Copyable } from '../../../design/controls/copyable.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { shortId } from '../../../format/short-id.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, decisionsWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { Loaded } from '../../../states/loaded.tsx';
import { Notice } from '../../../states/state.tsx';
import { Explanation, Ladder, Outcome, useReasonName } from '../../../why/ladder.tsx';
import { CountersTable } from './counters-table.tsx';

const route = getRouteApi('/admin/decisions/$receiptId');

/** Why was this code refused? One decision as a ladder of rules. */
export function ReceiptScreen() {
  const { receiptId } = route.useParams();
  const words = useWords(decisionsWords);
  const receipt = useAsk('getReceipt', { path: { id: receiptId } });
  return (
    <Page title={words.receipt} crumb={<Link to="/admin/decisions">{words.title}</Link>}>
      <Loaded of={receipt}>{(loaded) => <Receipt of={loaded} />}</Loaded>
    </Page>
  );
}

function Receipt({ of: receipt }: { readonly of: DecisionReceiptDetails }) {
  const words = useWords(decisionsWords);
  const nameOf = useReasonName();
  const { what, allowed, reason, timezone, next_opens_at: opensAt } = receipt;
  const isRefused = !allowed && what !== 'reverse';
  return (
    <>
      <Notice tone={isRefused ? 'bad' : 'good'} title={reason === null ? words.whats[what] : nameOf(reason)}>
        <p>
          <Explanation of={receipt} />
        </p>
        {opensAt && (
          <p>
            {words.worksFrom} <Instant at={opensAt} zone={timezone ?? 'UTC'} />
          </p>
        )}
      </Notice>
      <div className="columns">
        <section className="card">
          <h2>{words.ladder}</h2>
          <Ladder steps={receipt.steps} />
        </section>
        <div className="stack aside">
          <Details of={receipt} />
          <section className="card">
            <h2>{words.countersTitle}</h2>
            <CountersTable before={receipt.before} after={receipt.after} />
          </section>
        </div>
      </div>
    </>
  );
}

function Details({ of: receipt }: { readonly of: DecisionReceiptDetails }) {
  const words = useWords(decisionsWords);
  const codes = useWords(codesWords);
  const { code_id: codeId, person_id: person, order_id: order, trace_id: trace } = receipt;
  return (
    <section className="card">
      <dl className="pairs">
        <dt>{words.outcome}</dt>
        <dd>
          <Outcome of={receipt} />
        </dd>
        <dt>{words.when}</dt>
        <dd>
          <Instant at={receipt.at} zone={receipt.timezone ?? 'UTC'} />
        </dd>
        <dt>{codes.code}</dt>
        <dd translate="no">
          {codeId ? (
            <Link to="/admin/promo-codes/$codeId" params={{ codeId }}>
              {receipt.code}
            </Link>
          ) : (
            receipt.code
          )}
        </dd>
        {person && (
          <>
            <dt>{words.person}</dt>
            <dd>
              <Link to="/persons/$id" params={{ id: person }} search={{ part: 'decisions' }} translate="no">
                {shortId(person)}
              </Link>
            </dd>
          </>
        )}
        {receipt.offer_id && <Id name={codes.offer} value={receipt.offer_id} />}
        {order && (
          <>
            <dt>{words.order}</dt>
            <dd>
              <Link to="/orders/$id" params={{ id: order }} translate="no">
                {shortId(order)}
              </Link>
            </dd>
          </>
        )}
        {receipt.conversion_id && <Id name={words.conversion} value={receipt.conversion_id} />}
        {receipt.redemption_id && <Id name={words.redemption} value={receipt.redemption_id} />}
        {trace && <Id name={words.trace} value={trace} />}
      </dl>
      <div className="row">
        {codeId && (
          <Link
            to="/admin/promo-codes/$codeId"
            params={{ codeId }}
            search={{ tab: 'simulator', person: person ?? undefined, offer: receipt.offer_id ?? undefined }}
            className={buttonClass('primary')}
          >
            {words.simulate}
          </Link>
        )}
        {person && (
          <Link to="/admin/decisions" search={{ person }} className={buttonClass()}>
            {words.ofPerson}
          </Link>
        )}
      </div>
    </section>
  );
}

function Id({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <Copyable value={value} name={name} isShort={value.length > 24} />
      </dd>
    </>
  );
}
