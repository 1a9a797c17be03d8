import { getRouteApi, Link } from '@tanstack/react-router';
import type { PersonReceipt } from '../../api/generated/operations.ts';
import { useAsk } from '../../api/queries.ts';
import { buttonClass } from '../../design/controls/button.tsx';
import { Instant, OwnZone } from '../../design/data/instant.tsx';
import { type Column, Table } from '../../design/data/table.tsx';
import { Pager } from '../../design/pager.tsx';
import { shortId } from '../../format/short-id.ts';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords, codesWords, decisionsWords } from '../../messages/words.ts';
import { Page } from '../../shell/page.tsx';
import { usePersonId } from '../../shell/session.tsx';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { Explanation, Ladder, Outcome, useReasonName } from '../../why/ladder.tsx';

const route = getRouteApi('/bonus-codes/decisions');

/** What was decided about the promo codes of a member, as they may see it. */
export function CodeDecisionsScreen() {
  const words = useWords(accountWords);
  const personId = usePersonId();
  const { after } = route.useSearch();
  const receipts = useAsk(
    'listPersonReceipts',
    { path: { id: personId }, query: { after, limit: 25 } },
    { keepsPrevious: true },
  );
  const empty = (
    <Empty title={words.triesEmptyTitle}>
      <p>{words.triesEmptyText}</p>
      <Link to="/bonus-codes" className={buttonClass()}>
        {words.toBonusCodes}
      </Link>
    </Empty>
  );
  return (
    <Page title={words.tries} intro={words.triesIntro} crumb={<Link to="/bonus-codes">{words.codesTitle}</Link>}>
      <Loaded of={receipts} empty={empty}>
        {(page) => (
          <div className="stack">
            <Decisions rows={page.items} />
            <Pager page={page} after={after} />
            <OwnZone />
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function Decisions({ rows }: { readonly rows: readonly PersonReceipt[] }) {
  const words = useWords(accountWords);
  const codes = useWords(codesWords);
  const decisions = useWords(decisionsWords);
  const columns: readonly Column<PersonReceipt>[] = [
    { title: words.when, isHeader: true, cell: ({ at }) => <Instant at={at} isZoneHidden /> },
    { title: codes.code, cell: ({ code }) => <span translate="no">{code}</span> },
    { title: decisions.what, cell: ({ what }) => decisions.whats[what] },
    { title: decisions.outcome, cell: (receipt) => <Outcome of={receipt} /> },
    { title: codes.reason, cell: (receipt) => <Why of={receipt} /> },
    {
      title: decisions.order,
      cell: ({ order_id }) =>
        order_id && (
          <Link to="/orders/$id" params={{ id: order_id }}>
            {shortId(order_id)}
          </Link>
        ),
    },
  ];
  return <Table caption={words.tries} columns={columns} rows={rows} rowKey={({ receipt_id }) => receipt_id} />;
}

/** The reason, and for holders of the code every rule. Nobody else sees more than that it does not work. */
function Why({ of: receipt }: { readonly of: PersonReceipt }) {
  const { allowed, reason, steps } = receipt;
  const nameOf = useReasonName();
  if (allowed || reason === null) return null;
  if (steps.length === 0) return nameOf(reason);
  return (
    <details>
      <summary>{nameOf(reason)}</summary>
      <p className="small">
        <Explanation of={receipt} />
      </p>
      <Ladder steps={steps} />
    </details>
  );
}
