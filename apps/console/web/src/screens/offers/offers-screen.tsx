import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { Offer } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { Button } from '../../design/controls/button.tsx';
import { Select } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { Instant } from '../../design/data/instant.tsx';
import { Status } from '../../design/data/status.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { offersWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { useSession } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { OfferDialog } from './offer-dialog.tsx';

const route = getRouteApi('/admin/offers');
const kinds = ['class', 'outside'] as const;

/** What codes can be used for: classes, and offers of outside systems. */
export function OffersScreen() {
  const words = useWords(offersWords);
  const { search, kind, after } = route.useSearch();
  const navigate = route.useNavigate();
  const isAdmin = useSession().role === 'admin';
  const [edited, setEdited] = useState<Offer | 'new'>();
  const list = useAsk('listOffers', { query: { search, kind, after, limit: 25 } }, { keepsPrevious: true });
  const set = (change: Partial<ReturnType<typeof route.useSearch>>) =>
    void navigate({ search: (before) => ({ ...before, after: undefined, ...change }), replace: true });
  const columns: readonly Column<Offer>[] = [
    {
      title: words.offer,
      isHeader: true,
      cell: ({ name, offer_id }) => (
        <>
          {name}
          <div className="soft" translate="no">
            {offer_id}
          </div>
        </>
      ),
    },
    { title: words.kind, cell: ({ class_id }) => words.kinds[class_id ? 'class' : 'outside'] },
    { title: words.currency, cell: ({ currency }) => currency ?? words.any },
    { title: words.sender, cell: ({ sender }) => sender ?? words.any },
    { title: words.registered, cell: ({ registered_at }) => <Instant at={registered_at} /> },
    {
      title: words.change,
      cell: (offer) =>
        offer.deleted_at ? (
          <Status>{words.deleted}</Status>
        ) : (
          isAdmin &&
          offer.class_id === null && (
            <Button size="small" onClick={() => setEdited(offer)}>
              {words.change}
            </Button>
          )
        ),
    },
  ];
  const filters = [
    ...(search ? [{ name: search, drop: () => set({ search: undefined }) }] : []),
    ...(kind ? [{ name: words.kinds[kind], drop: () => set({ kind: undefined }) }] : []),
  ];
  const actions = isAdmin && (
    <Button look="primary" onClick={() => setEdited('new')}>
      {words.register}
    </Button>
  );
  return (
    <Page title={words.title} intro={words.intro} actions={actions}>
      <div className="filters">
        <SearchField
          className="grow"
          label={words.search}
          value={search ?? ''}
          onSearch={(text) => set({ search: text || undefined })}
        />
        <Select
          label={words.kind}
          value={kind ?? ''}
          choices={[{ value: '', label: words.any }, ...kinds.map((value) => ({ value, label: words.kinds[value] }))]}
          onChange={(chosen) => set({ kind: chosen || undefined })}
        />
      </div>
      <Loaded of={list} filters={filters} empty={<Empty title={words.none}>{words.noneText}</Empty>}>
        {(page) => (
          <>
            <Table caption={words.title} columns={columns} rows={page.items} rowKey={({ offer_id }) => offer_id} />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
      {edited && <OfferDialog offer={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}
