import type { DecisionReceipt } from '../../../api/generated/operations.ts';
import { type Column, Table } from '../../../design/data/table.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { useLocale } from '../../../messages/language.ts';
import { decisionsWords } from '../../../messages/words.ts';

type Counters = DecisionReceipt['before'];
type CounterName = keyof Counters;

/** The counters around a decision; after is left out where nothing was decided. */
export function CountersTable({ before, after }: { readonly before: Counters; readonly after?: Counters }) {
  const words = useWords(decisionsWords);
  const number = new Intl.NumberFormat(useLocale());
  const shown = (value: number | null) => (value === null ? '–' : number.format(value));
  const columns: readonly Column<CounterName>[] = [
    { title: words.counter, isHeader: true, cell: (name) => words.counters[name] },
    { title: after ? words.before : words.now, align: 'end', cell: (name) => shown(before[name]) },
    ...(after ? [{ title: words.after, align: 'end' as const, cell: (name: CounterName) => shown(after[name]) }] : []),
  ];
  return (
    <Table
      caption={words.countersTitle}
      columns={columns}
      rows={Object.keys(before) as CounterName[]}
      rowKey={(name) => name}
    />
  );
}
