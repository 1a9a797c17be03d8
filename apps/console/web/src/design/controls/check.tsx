import { useId } from 'react';

export interface CheckProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: boolean;
  readonly onChange: (value: boolean) => void;
  /** A switch turns something on; a box chooses something. */
  readonly isSwitch?: boolean;
  readonly disabled?: boolean;
}

/** A box to tick, or a switch. */
export function Check({ label, hint, error, value, onChange, isSwitch, disabled }: CheckProps) {
  const id = useId();
  return (
    <div className="field">
      <label className="check">
        <input
          type="checkbox"
          role={isSwitch ? 'switch' : undefined}
          checked={value}
          disabled={disabled}
          aria-describedby={
            [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
          }
          aria-invalid={error ? true : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>
          <span>{label}</span>
          {hint && (
            <span id={`${id}-hint`} className="soft small">
              {hint}
            </span>
          )}
        </span>
      </label>
      {error && (
        <div id={`${id}-error`} className="error">
          <span>{error}</span>
        </div>
      )}
    </div>
  );
}
