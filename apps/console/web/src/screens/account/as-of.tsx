import { TextField } from '../../design/controls/inputs.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords } from '../../messages/words.ts';

export interface AsOfProps {
  readonly day: string | undefined;
  readonly onChange: (day: string | undefined) => void;
}

/** The day at whose end an account is shown; without one it is shown as it is now. */
export function AsOf({ day, onChange }: AsOfProps) {
  const words = useWords(accountWords);
  return (
    <TextField
      type="date"
      label={words.asOf}
      hint={words.asOfHint}
      value={day ?? ''}
      max={today()}
      onChange={(chosen) => onChange(chosen || undefined)}
    />
  );
}

/** The end of a day of the reader's zone; today ends now. */
export function endOf(day: string | undefined): string | undefined {
  if (day === undefined) return undefined;
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const end = new Date(year, month - 1, date + 1);
  return end.getTime() > Date.now() ? undefined : end.toISOString();
}

/** The reader's own day. */
function today(): string {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
