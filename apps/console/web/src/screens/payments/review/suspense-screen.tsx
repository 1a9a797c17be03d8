import { getRouteApi, Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { UnmatchedPayment } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { Instant, OwnZone } from '../../../design/data/instant.tsx';
import { Money } from '../../../design/data/money.tsx';
import { ProviderName } from '../../../design/data/provider-name.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { paymentsWords } from '../../../messages/words.ts';
import { Page } from '../../../shell/page.tsx';
import { useSession } from '../../../shell/session.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';
import { AssignPayment } from '../assign-payment.tsx';
import { DismissPayment } from './dismiss.tsx';
import { LookTabs } from './look-tabs.tsx';

const route = getRouteApi('/suspense');

/** Money without a known person, and what was found to be not ours. */
export function SuspenseScreen() {
  const words = useWords(paymentsWords);
  const { role } = useSession();
  const { state, after } = route.useSearch();
  const navigate = route.useNavigate();
  const payments = useAsk(
    'listUnmatchedPayments',
    { query: { state: state ?? 'open', after, limit: 25 } },
    { keepsPrevious: true },
  );
  const columns: readonly Column<UnmatchedPayment>[] = [
    {
      title: words.reference,
      isHeader: true,
      cell: ({ payment_id, reference }) => (
        <Link to="/payments/$id" params={{ id: payment_id }} translate="no">
          {reference}
        </Link>
      ),
    },
    { title: words.provider, cell: ({ provider }) => <ProviderName provider={provider} /> },
    { title: words.names, cell: (payment) => <Names payment={payment} /> },
    { title: words.received, cell: ({ registered_at }) => <Instant at={registered_at} isZoneHidden /> },
    {
      title: words.amount,
      align: 'end',
      cell: ({ amount_minor, currency }) => <Money minor={amount_minor} currency={currency} />,
    },
  ];
  const acting: Column<UnmatchedPayment> = {
    title: words.acts,
    align: 'end',
    cell: (payment) => <Actions payment={payment} />,
  };
  return (
    <Page title={words.suspenseTitle} intro={words.suspenseIntro}>
      <LookTabs current="suspense" />
      <div className="filters">
        <Select
          label={words.state}
          value={state ?? 'open'}
          onChange={(chosen) =>
            void navigate({ search: chosen === 'dismissed' ? { state: 'dismissed' } : {}, replace: true })
          }
          choices={[
            { value: 'open', label: words.states.open },
            { value: 'dismissed', label: words.states.dismissed },
          ]}
        />
      </div>
      <Loaded of={payments} empty={<NothingHere isOpen={state === undefined} />}>
        {(page) => (
          <div className="stack">
            <Table
              caption={words.suspenseTitle}
              columns={role === 'admin' ? [...columns, acting] : columns}
              rows={page.items}
              rowKey={({ payment_id }) => payment_id}
            />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function NothingHere({ isOpen }: { readonly isOpen: boolean }) {
  const words = useWords(paymentsWords);
  if (!isOpen) return <Empty title={words.dismissedEmpty} />;
  return (
    <Empty title={words.suspenseEmptyTitle}>
      <p>{words.suspenseEmptyText}</p>
    </Empty>
  );
}

function Names({ payment: { person_id_named, order_id_named, dismissal } }: { readonly payment: UnmatchedPayment }) {
  const words = useWords(paymentsWords);
  const named = [person_id_named, order_id_named].filter((name) => name !== null).join(' · ');
  return (
    <>
      {named ? <span translate="no">{named}</span> : <span className="soft">{words.namesNobody}</span>}
      {dismissal && (
        <span className="soft small block">
          {words.dismissedBy(dismissal.dismissed_by)}: {dismissal.note}
        </span>
      )}
    </>
  );
}

function Actions({ payment }: { readonly payment: UnmatchedPayment }) {
  const words = useWords(paymentsWords);
  const [open, setOpen] = useState<'assign' | 'dismiss'>();
  const onClose = () => setOpen(undefined);
  return (
    <span className="row">
      <Button size="small" look="primary" onClick={() => setOpen('assign')}>
        {words.assign}
      </Button>
      {!payment.dismissal && (
        <Button size="small" onClick={() => setOpen('dismiss')}>
          {words.dismiss}
        </Button>
      )}
      {open === 'assign' && <AssignPayment paymentId={payment.payment_id} onClose={onClose} />}
      {open === 'dismiss' && <DismissPayment paymentId={payment.payment_id} onClose={onClose} />}
    </span>
  );
}
