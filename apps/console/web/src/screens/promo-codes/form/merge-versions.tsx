import { useState } from 'react';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Dialog } from '../../../design/controls/dialog.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { conflictsOf, mergedValues } from './merged-values.ts';
import { useTermNames } from './term-names.ts';
import { useTermTexts } from './term-texts.ts';
import { type CodeValues, termsOf, valuesOf } from './values.ts';

export interface MergeProps {
  /** The version that was opened. */
  readonly opened: PromoCode;
  /** The newest version. */
  readonly theirs: PromoCode;
  readonly mine: CodeValues;
  readonly onMerged: (values: CodeValues) => void;
  readonly onClose: () => void;
}

type Side = 'mine' | 'theirs';
type Conflict = ReturnType<typeof conflictsOf>[number];

/** Both versions side by side. A member that the person has not changed is proposed as it is stored. */
export function MergeVersions({ opened, theirs, mine, onMerged, onClose }: MergeProps) {
  const words = useWords(promoCodesWords).merge;
  const nameOf = useTermNames();
  const textOf = useTermTexts();
  const [stored, typed] = [termsOf(valuesOf(theirs)), termsOf(mine)];
  const [conflicts] = useState(() => conflictsOf(opened, theirs, mine));
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>(() =>
    Object.fromEntries(conflicts.map(({ name, isMine }) => [name, isMine ? 'mine' : 'theirs'])),
  );
  const merge = () => {
    const own = conflicts.filter(({ name }) => sides[name] === 'mine').map(({ name }) => name);
    onMerged(mergedValues(theirs, mine, own));
  };
  const columns: readonly Column<Conflict>[] = [
    { title: words.member, isHeader: true, cell: ({ name }) => nameOf(name) },
    { title: words.theirs(theirs.version), cell: ({ name }) => textOf(name, stored) },
    { title: words.mine, cell: ({ name }) => textOf(name, typed) },
    {
      title: words.take,
      cell: ({ name }) => (
        <Select
          label={words.takeOf(nameOf(name))}
          isLabelHidden
          value={sides[name] ?? 'theirs'}
          choices={[
            { value: 'theirs', label: words.takeTheirs },
            { value: 'mine', label: words.takeMine },
          ]}
          onChange={(side) => setSides((before) => ({ ...before, [name]: side }))}
        />
      ),
    },
  ];
  return (
    <Dialog title={words.title} look="wide" onClose={onClose}>
      <p>{words.intro}</p>
      <Table caption={words.title} columns={columns} rows={conflicts} rowKey={({ name }) => name} />
      <div className="form-actions">
        <Button look="primary" onClick={merge}>
          {words.merge}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {words.later}
        </Button>
      </div>
    </Dialog>
  );
}
