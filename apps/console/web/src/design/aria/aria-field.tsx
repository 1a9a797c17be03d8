import type { ReactNode } from 'react';
import { FieldError, Label, Text } from 'react-aria-components';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import type { FieldProps } from '../controls/field.tsx';

/** Label, control, hint and error of a React Aria field; the parent must be one of its field components. */
export function AriaField({
  label,
  hint,
  error,
  isOptional,
  isLabelHidden,
  children,
}: FieldProps & { readonly children: ReactNode }) {
  const words = useWords(shellWords);
  return (
    <>
      <Label className={isLabelHidden ? 'visually-hidden' : 'label'}>
        {label}
        {isOptional && <span className="optional"> ({words.optional})</span>}
      </Label>
      {children}
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="error">{error}</FieldError>
    </>
  );
}
