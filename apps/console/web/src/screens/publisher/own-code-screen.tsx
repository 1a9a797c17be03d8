import type { UseQueryResult } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { CodeOpenings, PublisherCode } from '../../api/generated/operations.ts';
import { useAsk, useRefresh } from '../../api/queries.ts';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Money } from '../../design/data/money.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { codesWords, publisherWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { Loaded } from '../../states/loaded.tsx';
import { Availability, CodeStatusBadge } from '../code-parts/availability.tsx';
import { DaysCard } from '../code-parts/days.tsx';
import { HoursText, Openings } from '../code-parts/hours.tsx';
import { OfferUsesTable } from '../code-parts/offer-uses.tsx';
import { RefusalsCard } from '../code-parts/refusals.tsx';
import { UsesMeter } from '../code-parts/uses.tsx';

const route = getRouteApi('/publisher/codes/$codeId');

/** One code of a publisher: hours, remaining uses, offers, and what has come of it. */
export function OwnCodeScreen() {
  const { codeId } = route.useParams();
  const words = useWords(publisherWords);
  const path = { id: codeId };
  const code = useAsk('getPublisherCode', { path }, { everyMs: 10_000 });
  const openings = useAsk('previewOwnOpenings', { path, query: { days: 14 } }, { isEnabled: code.data !== undefined });
  const crumb = <Link to="/publisher/codes">{words.back}</Link>;
  if (!code.data) {
    return (
      <Page title={words.title} crumb={crumb}>
        <Loaded of={code}>{() => null}</Loaded>
      </Page>
    );
  }
  return (
    <Page
      title={code.data.code}
      crumb={crumb}
      intro={code.data.title}
      actions={<CodeStatusBadge status={code.data.status} isUsedUp={code.data.auto_deactivated_at !== null} />}
    >
      <div className="columns">
        <div className="stack">
          <Hours of={code.data} openings={openings} refresh={() => void code.refetch()} />
          {!openings.isLoading && <Uses codeId={codeId} used={code.data.uses.used} />}
        </div>
        <div className="stack aside">
          <Limits of={code.data} />
          <Offers of={code.data} />
        </div>
      </div>
    </Page>
  );
}

interface HoursProps {
  readonly of: PublisherCode;
  readonly openings: UseQueryResult<CodeOpenings>;
  readonly refresh: () => void;
}

function Hours({ of: code, openings, refresh }: HoursProps) {
  const words = useWords(codesWords);
  const { hours } = code;
  const { timezone } = hours.active_hours;
  return (
    <section className="card">
      <div className="card-head">
        <h2>{words.hours}</h2>
        <Availability open={hours.open} opensAt={hours.next_opens_at} closesAt={hours.closes_at} onChange={refresh} />
      </div>
      <dl className="pairs">
        <dt>{words.hours}</dt>
        <dd>
          <HoursText hours={hours.active_hours} days={hours.days} />
        </dd>
        {code.valid_from && (
          <>
            <dt>{words.validFrom}</dt>
            <dd>
              <Instant at={code.valid_from} zone={timezone} />
            </dd>
          </>
        )}
        <dt>{words.validUntil}</dt>
        <dd>{code.valid_until ? <Instant at={code.valid_until} zone={timezone} /> : words.validAlways}</dd>
      </dl>
      <h3>{words.openings}</h3>
      <Loaded of={openings}>{(answer) => <Openings openings={answer.openings} zone={answer.timezone} />}</Loaded>
    </section>
  );
}

/** What has come of the code; each part appears below those that are there, so that none moves. */
function Uses({ codeId, used }: { readonly codeId: string; readonly used: number }) {
  const words = useWords(codesWords);
  const refresh = useRefresh();
  // The counter is read again by itself; what is added up from its uses follows it.
  const shown = useRef(used);
  useEffect(() => {
    if (shown.current !== used) void refresh('getOwnOfferAnalytics', 'getOwnCodeSeries');
    shown.current = used;
  }, [used, refresh]);
  const path = { id: codeId };
  const analytics = useAsk('getOwnOfferAnalytics', { path });
  const series = useAsk('getOwnCodeSeries', { path }, { isEnabled: !analytics.isLoading });
  const refusals = useAsk('getOwnCodeRefusals', { path }, { isEnabled: !analytics.isLoading });
  return (
    <>
      <section className="card">
        <h2>{words.analytics}</h2>
        <OfferUsesTable of={analytics} />
      </section>
      {!analytics.isLoading && <DaysCard of={series} />}
      {!analytics.isLoading && !series.isLoading && <RefusalsCard of={refusals} />}
    </>
  );
}

function Limits({
  of: { code, benefit, uses, money, currency, auto_deactivated_at: usedUpAt },
}: {
  readonly of: PublisherCode;
}) {
  const words = useWords(codesWords);
  return (
    <section className="card">
      <UsesMeter used={uses.used} held={uses.held} maxUses={uses.max_uses} remaining={uses.remaining} />
      <dl className="pairs">
        <dt>{words.code}</dt>
        <dd>
          <Copyable value={code} name={words.code} />
          <div className="soft small">{words.anyCase}</div>
        </dd>
        <dt>{words.benefit}</dt>
        <dd>{benefit}</dd>
        <dt>{words.perPerson}</dt>
        <dd>{uses.max_uses_per_person ?? words.unlimited}</dd>
        <dt>{words.perOffer}</dt>
        <dd>{uses.max_uses_per_offer ?? words.unlimited}</dd>
        {usedUpAt && (
          <>
            <dt>{words.usedUpAt}</dt>
            <dd>
              <Instant at={usedUpAt} />
            </dd>
          </>
        )}
        {currency && (
          <>
            <dt>{words.given}</dt>
            <dd>
              <Money minor={money.given_minor} currency={currency} />
            </dd>
            <dt>{words.heldMoney}</dt>
            <dd>
              <Money minor={money.held_minor} currency={currency} />
            </dd>
            <dt>{words.moneyLeft}</dt>
            <dd>
              {money.remaining_minor === null ? (
                words.unlimited
              ) : (
                <Money minor={money.remaining_minor} currency={currency} />
              )}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Offers({ of: { offers } }: { readonly of: PublisherCode }) {
  const words = useWords(codesWords);
  return (
    <section className="card">
      <h2>{words.offers}</h2>
      <p className="soft">{words.offersRule[offers.rule]}</p>
      {offers.offers.length > 0 && (
        <ul className="stack-s plain-list">
          {offers.offers.map(({ offer_id, name }) => (
            <li key={offer_id}>
              {name ?? <span className="soft">{words.unknownOffer}</span>}{' '}
              <code className="small soft" translate="no">
                {offer_id}
              </code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
