import { getRouteApi, Link } from '@tanstack/react-router';
import { urlOf } from '../../../api/ask.ts';
import type { PromoCode, UserApplication } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { buttonClass } from '../../../design/controls/button.tsx';
import { SearchField } from '../../../design/controls/search-field.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { Money } from '../../../design/data/money.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { shortId } from '../../../format/short-id.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { DayFilters } from '../../code-parts/day-filters.tsx';

const route = getRouteApi('/admin/promo-codes/$codeId');

/** User applications: who used the code for what, newest first. */
export function ApplicationsTab({ code }: { readonly code: PromoCode }) {
  const words = useWords(promoCodesWords);
  const { search, offer, from, to, after } = route.useSearch();
  const navigate = route.useNavigate();
  const path = { id: code.code_id };
  const filter = { search, offer_id: offer, from, to };
  const list = useAsk(
    'listUserApplications',
    { path, query: { ...filter, after, limit: 50 } },
    { keepsPrevious: true },
  );
  const set = (change: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace: true });
  const filters = [
    ...(search ? [{ name: search, drop: () => set({ search: undefined }) }] : []),
    ...(offer ? [{ name: offer, drop: () => set({ offer: undefined }) }] : []),
    ...(from ? [{ name: `${words.from} ${from}`, drop: () => set({ from: undefined }) }] : []),
    ...(to ? [{ name: `${words.to} ${to}`, drop: () => set({ to: undefined }) }] : []),
  ];
  return (
    <>
      <div className="filters">
        <SearchField
          className="grow"
          label={words.personSearch}
          value={search ?? ''}
          onSearch={(text) => set({ search: text || undefined })}
        />
        <SearchField label={words.offerId} value={offer ?? ''} onSearch={(text) => set({ offer: text || undefined })} />
        <DayFilters from={from} to={to} set={set} />
        <a href={urlOf('exportUserApplications', { path, query: filter })} download className={buttonClass()}>
          {words.csv}
        </a>
      </div>
      <Loaded
        of={list}
        filters={filters}
        isEmpty={({ applications }) => applications.length === 0}
        empty={<Empty title={words.noApplications} />}
      >
        {(page) => (
          <>
            <Applications rows={page.applications} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Applications({ rows }: { readonly rows: readonly UserApplication[] }) {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const columns: readonly Column<UserApplication>[] = [
    {
      title: words.person,
      isHeader: true,
      cell: ({ user_id, username, email }) => (
        <>
          <Link to="/admin/decisions" search={{ person: user_id }} translate="no">
            {username ?? shortId(user_id)}
          </Link>
          {email && <div className="soft">{email}</div>}
        </>
      ),
    },
    { title: codes.offer, cell: ({ offer_id, offer_name }) => offer_name ?? offer_id ?? codes.noOffer },
    { title: words.appliedAt, cell: ({ applied_at }) => <Instant at={applied_at} /> },
    {
      title: codes.bonus,
      align: 'end',
      cell: ({ bonus_earned_minor, currency }) =>
        currency && bonus_earned_minor > 0 && <Money minor={bonus_earned_minor} currency={currency} />,
    },
    {
      title: words.conversion,
      cell: ({ conversion_id }) =>
        conversion_id && (
          <Link to="/admin/conversions" search={{ id: conversion_id }} translate="no">
            {conversion_id}
          </Link>
        ),
    },
  ];
  return (
    <Table
      caption={words.tab.applications}
      columns={columns}
      rows={rows}
      rowKey={({ user_id, applied_at, conversion_id, offer_id }) =>
        `${user_id} ${applied_at} ${conversion_id ?? offer_id}`
      }
    />
  );
}
