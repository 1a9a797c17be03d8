import type { ButtonHTMLAttributes, ReactNode } from 'react';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly look?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'normal' | 'small' | 'wide';
  /** Keeps the focus and says that something is under way; a disabled button would lose it. */
  readonly isBusy?: boolean;
  readonly children: ReactNode;
}

/** A native button; `type` is `button` unless given. A link can look like one: `buttonClass('primary')`. */
export function Button({ look, size, isBusy, onClick, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      className={[buttonClass(look, size), className].filter(Boolean).join(' ')}
      aria-disabled={isBusy || undefined}
      onClick={(event) => (isBusy ? event.preventDefault() : onClick?.(event))}
    />
  );
}

/** The classes of a button, for a link that looks like one. */
export function buttonClass(look: ButtonProps['look'] = 'plain', size: ButtonProps['size'] = 'normal'): string {
  return ['button', look === 'plain' ? '' : look, size === 'normal' ? '' : size].filter(Boolean).join(' ');
}
