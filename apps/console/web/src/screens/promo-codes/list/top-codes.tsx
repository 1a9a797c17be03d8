import { Link } from '@tanstack/react-router';
import type { TopPromoCode } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { Money } from '../../../design/data/money.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { serverNow } from '../../../format/server-clock.ts';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { codesWords, promoCodesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';

const dayMs = 86_400_000;

/** The codes that were used most in the last thirty days. */
export function TopCodes() {
  const words = useWords(promoCodesWords);
  const codes = useWords(codesWords);
  const number = new Intl.NumberFormat(useLocale());
  const from = new Date(serverNow() - 29 * dayMs).toISOString().slice(0, 10);
  const top = useAsk('listTopCodes', { query: { from, limit: 5 } });
  const columns: readonly Column<TopPromoCode>[] = [
    {
      title: codes.code,
      isHeader: true,
      cell: ({ code_id, code }) => (
        <Link to="/admin/promo-codes/$codeId" params={{ codeId: code_id }} search={{ tab: 'days' }} translate="no">
          {code}
        </Link>
      ),
    },
    { title: codes.redemptions, align: 'end', cell: ({ redemptions }) => number.format(redemptions) },
    { title: codes.reversals, align: 'end', cell: ({ reversals }) => number.format(reversals) },
    {
      title: codes.given,
      align: 'end',
      cell: ({ amounts }) =>
        amounts.map(({ currency, discount_minor, bonus_minor }) => (
          <div key={currency}>
            <Money minor={discount_minor + bonus_minor} currency={currency} />
          </div>
        )),
    },
  ];
  return (
    <section className="card">
      <h2>{words.top}</h2>
      <Loaded of={top} empty={<p className="soft">{codes.daysNone}</p>}>
        {({ items }) => <Table caption={words.top} columns={columns} rows={items} rowKey={({ code_id }) => code_id} />}
      </Loaded>
    </section>
  );
}
