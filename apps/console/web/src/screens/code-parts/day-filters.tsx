import { TextField } from '../../design/controls/inputs.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { promoCodesWords } from '../../messages/words.ts';

export interface DayFiltersProps {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly set: (change: { from?: string | undefined; to?: string | undefined }) => void;
}

/** A range of UTC days. */
export function DayFilters({ from, to, set }: DayFiltersProps) {
  const words = useWords(promoCodesWords);
  return (
    <>
      <TextField
        type="date"
        label={words.from}
        value={from ?? ''}
        onChange={(day) => set({ from: day || undefined })}
      />
      <TextField type="date" label={words.to} value={to ?? ''} onChange={(day) => set({ to: day || undefined })} />
    </>
  );
}
