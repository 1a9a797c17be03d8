import { useState } from 'react';
import type { PromoCode } from '../../../api/generated/operations.ts';
import { Button } from '../../../design/controls/button.tsx';
import { Dialog } from '../../../design/controls/dialog.tsx';
import { Select } from '../../../design/controls/inputs.tsx';
import { type Column, Table } from '../../../design/data/table.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { promoCodesWords } from '../../../messages/words.ts';
import { type CodeValues, differing, valuesOf } from './values.ts';

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

/** Both versions side by side. Where one side alone changed a member, that side is proposed. */
export function MergeVersions({ opened, theirs, mine, onMerged, onClose }: MergeProps) {
  const words = useWords(promoCodesWords).merge;
  const [base, newest] = [valuesOf(opened), valuesOf(theirs)];
  const names = differing(newest, mine) as (keyof CodeValues)[];
  const isMine = new Set(differing(base, mine));
  const [sides, setSides] = useState<Readonly<Record<string, Side>>>(() =>
    Object.fromEntries(names.map((name) => [name, isMine.has(name) ? 'mine' : 'theirs'])),
  );
  const merged = () => {
    const own = names.filter((name) => sides[name] === 'mine').map((name) => [name, mine[name]]);
    onMerged({ ...newest, ...Object.fromEntries(own) });
  };
  const columns: readonly Column<keyof CodeValues>[] = [
    { title: words.member, isHeader: true, cell: (name) => <code translate="no">{name}</code> },
    { title: words.theirs(theirs.version), cell: (name) => <Shown value={newest[name]} /> },
    { title: words.mine, cell: (name) => <Shown value={mine[name]} /> },
    {
      title: words.take,
      cell: (name) => (
        <Select
          label={words.takeOf(name)}
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
      <Table caption={words.title} columns={columns} rows={names} rowKey={(name) => name} />
      <div className="form-actions">
        <Button look="primary" onClick={merged}>
          {words.merge}
        </Button>
        <Button look="quiet" onClick={onClose}>
          {words.later}
        </Button>
      </div>
    </Dialog>
  );
}

function Shown({ value }: { readonly value: unknown }) {
  return <span className="number">{typeof value === 'string' ? value || '–' : JSON.stringify(value)}</span>;
}
