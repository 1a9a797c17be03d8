import type { SubscriptionRule } from '../../../api/generated/operations.ts';
import { useAsk } from '../../../api/queries.ts';
import { type Column, Table } from '../../../design/data/table.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { Loaded } from '../../../states/loaded.tsx';
import { writeJson } from '../json-text.ts';

interface Difference {
  readonly member: string;
  readonly shown: string;
  readonly other: string;
}

/** What two versions of a rule say differently, side by side. */
export function VersionsCompared({ rule, other }: { readonly rule: SubscriptionRule; readonly other: number }) {
  const words = useWords(rulesWords);
  const compared = useAsk('getRule', { path: { id: rule.rule_id }, query: { version: other } });
  const pre = (text: string) => (
    <pre className="folded" translate="no">
      {text}
    </pre>
  );
  const columns: readonly Column<Difference>[] = [
    { title: words.member, isHeader: true, cell: ({ member }) => member },
    { title: words.versionNumber(rule.version), cell: ({ shown }) => pre(shown) },
    { title: words.versionNumber(other), cell: (one) => pre(one.other) },
  ];
  const named: readonly [string, (one: SubscriptionRule) => unknown][] = [
    [words.title, ({ title }) => title],
    [words.description, ({ description }) => description],
    [words.method, ({ method }) => method],
    [words.parameters, ({ parameters }) => parameters],
    [words.examples, ({ examples }) => examples],
  ];
  const text = (value: unknown) => (typeof value === 'string' ? value : writeJson(value));
  return (
    <section className="card" aria-labelledby="compared">
      <h2 id="compared">
        {words.versionNumber(rule.version)} · {words.versionNumber(other)}
      </h2>
      <Loaded of={compared}>
        {(found) => {
          const rows = named
            .map(([member, of]) => ({ member, shown: text(of(rule)), other: text(of(found)) }))
            .filter((row) => row.shown !== row.other);
          if (rows.length === 0) return <p className="soft">{words.same}</p>;
          return <Table caption={words.member} columns={columns} rows={rows} rowKey={({ member }) => member} />;
        }}
      </Loaded>
    </section>
  );
}
