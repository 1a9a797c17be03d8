import { type ReactNode, useId } from 'react';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';

/** What every field has around its control. */
export interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly isOptional?: boolean;
  /** The label is for screen readers alone, where the place explains the control. */
  readonly isLabelHidden?: boolean;
  readonly className?: string;
}

/** The attributes by which a control belongs to its label, hint and error. */
export interface ControlAttributes {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

/** A label, a control, a hint and an error, bound to each other. */
export function Field({
  label,
  hint,
  error,
  isOptional,
  isLabelHidden,
  className,
  children,
}: FieldProps & { readonly children: (control: ControlAttributes) => ReactNode }) {
  const id = useId();
  const words = useWords(shellWords);
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={['field', className].filter(Boolean).join(' ')}>
      <label htmlFor={id} className={isLabelHidden ? 'visually-hidden' : undefined}>
        {label}
        {isOptional && <span className="optional"> ({words.optional})</span>}
      </label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {hint && (
        <div id={`${id}-hint`} className="hint">
          {hint}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} className="error">
          <span>{error}</span>
        </div>
      )}
    </div>
  );
}
