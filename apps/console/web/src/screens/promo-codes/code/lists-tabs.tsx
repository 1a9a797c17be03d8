import { getRouteApi, Link } from '@tanstack/react-router';
import type { PromoCode, PromoCodeAudit } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Copyable } from '../../../design/controls/copyable.tsx';
import { Instant } from '../../../design/data/instant.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { Pager } from '../../../design/pager.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { ActionsLink } from '../../../shell/actions-link.tsx';
import { Empty, Loaded } from '../../../states/loaded.tsx';

const route = getRouteApi('/admin/promo-codes/$codeId');

interface CodeProps {
  readonly code: PromoCode;
}

/** The persons that the code lists. */
export function PersonsTab({ code }: CodeProps) {
  const words = useWords(promoCodesWords);
  const { after } = route.useSearch();
  const query = { after, limit: 50 };
  const list = useAsk('listCodePersons', { path: { id: code.code_id }, query }, { keepsPrevious: true });
  const columns: readonly Column<{ readonly person_id: string }>[] = [
    {
      title: words.person,
      isHeader: true,
      cell: ({ person_id }) => <Copyable value={person_id} name={words.person} />,
    },
    {
      title: words.tab.decisions,
      cell: ({ person_id }) => (
        <Link to="/admin/decisions" search={{ person: person_id, code: code.code_id }}>
          {words.tab.decisions}
        </Link>
      ),
    },
  ];
  return (
    <Loaded of={list} empty={<Empty title={words.noPersons}>{words.noPersonsText}</Empty>}>
      {(page) => (
        <>
          <Table
            caption={words.tab.persons}
            columns={columns}
            rows={page.items}
            rowKey={({ person_id }) => person_id}
          />
          <Pager page={page} after={after} />
        </>
      )}
    </Loaded>
  );
}

/** Who changed what, before and after. */
export function ChangesTab({ code }: CodeProps) {
  const words = useWords(promoCodesWords);
  const { after } = route.useSearch();
  const query = { after, limit: 25 };
  const list = useAsk('listCodeChanges', { path: { id: code.code_id }, query }, { keepsPrevious: true });
  const columns: readonly Column<PromoCodeAudit>[] = [
    { title: words.version, isHeader: true, cell: ({ version }) => version },
    { title: words.changedBy, cell: ({ changed_by }) => changed_by },
    { title: words.changed, cell: ({ at }) => <Instant at={at} /> },
    { title: words.change, cell: (change) => <Differences of={change} /> },
  ];
  return (
    <div className="stack">
      <div>
        <ActionsLink subject={code.code_id} />
      </div>
      <Loaded of={list} empty={<Empty title={words.noChanges} />}>
        {(page) => (
          <>
            <Table
              caption={words.tab.changes}
              columns={columns}
              rows={page.items}
              rowKey={({ version }) => String(version)}
            />
            <Pager page={page} after={after} />
          </>
        )}
      </Loaded>
    </div>
  );
}

function Differences({ of: { before, after } }: { readonly of: PromoCodeAudit }) {
  const shown = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return (
    <ul className="plain-list stack-s">
      {Object.keys(after).map((name) => (
        <li key={name} translate="no">
          <code>{name}</code>: <del>{shown(before[name])}</del> → <ins>{shown(after[name])}</ins>
        </li>
      ))}
    </ul>
  );
}
