import { Select, TextField } from '../../design/controls/inputs.tsx';
import { SearchField } from '../../design/controls/search-field.tsx';
import { formatDay } from '../../format/instants.ts';
import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { actionsWords } from '../../messages/words.ts';
import type { SetFilter } from '../../states/loaded.tsx';
import { services } from './params.ts';

/** By which the list is narrowed; all of it stands in the address. */
export interface ActionFilter {
  readonly service?: (typeof services)[number] | undefined;
  readonly kind?: string | undefined;
  readonly author?: string | undefined;
  /** The id of what was changed. */
  readonly subject?: string | undefined;
  /** Days of the reader's zone, both included. */
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

interface FiltersProps {
  readonly filter: ActionFilter;
  readonly change: (next: ActionFilter) => void;
}

export function ActionFilters({ filter, change }: FiltersProps) {
  const words = useWords(actionsWords);
  const locale = useLocale();
  const { service, kind, author, subject, from, until } = filter;
  const kinds = Object.entries(words.kinds)
    .map(([value, label]) => ({ value, label }))
    .sort((left, right) => left.label.localeCompare(right.label, locale));
  // A kind of a newer server is not in the list, and stays chosen.
  const known = kind === undefined || kind in words.kinds ? kinds : [...kinds, { value: kind, label: kind }];
  return (
    <search className="filters">
      <Select
        label={words.kind}
        value={kind ?? ''}
        onChange={(chosen) => change({ kind: chosen || undefined })}
        choices={[{ value: '', label: words.anyKind }, ...known]}
      />
      <Select
        label={words.service}
        value={service ?? ''}
        onChange={(chosen) => change({ service: chosen || undefined })}
        choices={[
          { value: '', label: words.allServices },
          ...services.map((value) => ({ value, label: words.services[value] })),
        ]}
      />
      <SearchField
        className="field"
        label={words.author}
        value={author ?? ''}
        onSearch={(text) => change({ author: text || undefined })}
      />
      <SearchField
        className="field"
        label={words.subjectId}
        value={subject ?? ''}
        onSearch={(text) => change({ subject: text || undefined })}
      />
      <TextField
        type="date"
        label={words.from}
        value={from ?? ''}
        onChange={(day) => change({ from: day || undefined })}
      />
      <TextField
        type="date"
        label={words.until}
        value={until ?? ''}
        onChange={(day) => change({ until: day || undefined })}
      />
    </search>
  );
}

/** The filters that are set, as people read them. */
export function useSetFilters(filter: ActionFilter, change: (next: ActionFilter) => void): SetFilter[] {
  const words = useWords(actionsWords);
  const locale = useLocale();
  const { service, kind, author, subject, from, until } = filter;
  const named = {
    service: service && words.services[service],
    kind: kind && (words.kinds[kind] ?? kind),
    author,
    subject,
    from: from && `${words.from} ${formatDay(from, locale)}`,
    until: until && `${words.until} ${formatDay(until, locale)}`,
  };
  return Object.entries(named).flatMap(([key, name]) =>
    name ? [{ name, drop: () => change({ [key]: undefined }) }] : [],
  );
}
