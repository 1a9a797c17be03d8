import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useWords } from '../../messages/catalogue.ts';
import { shellWords } from '../../messages/words.ts';
import { Icon } from '../icon.tsx';

export interface DialogProps {
  readonly title: string;
  readonly look?: 'normal' | 'wide' | 'drawer';
  /** Without it the dialog can only be left by what it contains. */
  readonly onClose?: () => void;
  readonly children: ReactNode;
}

/** A native modal dialog: the browser keeps the focus inside, and gives it back at the end. Mount it to open it. */
export function Dialog({ title, look = 'normal', onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  const words = useWords(shellWords);
  useEffect(() => {
    const dialog = element.current;
    const before = document.activeElement;
    dialog?.showModal();
    dialog?.querySelector<HTMLElement>('input, select, textarea')?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      className={look}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          {onClose && (
            <button type="button" className="icon-button" onClick={onClose} aria-label={words.close}>
              <Icon name="close" />
            </button>
          )}
        </div>
        {children}
      </div>
    </dialog>
  );
}
