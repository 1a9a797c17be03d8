import { Button } from '../../design/controls/button.tsx';
import { Copyable } from '../../design/controls/copyable.tsx';
import { Dialog } from '../../design/controls/dialog.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { webhooksWords } from '../../messages/words.ts';

/** A secret, the one time that it is shown: the dialog is left by its button alone. */
export function ShownSecret({ secret, onClose }: { readonly secret: string | null; readonly onClose: () => void }) {
  const words = useWords(webhooksWords);
  return (
    <Dialog title={words.secretTitle}>
      <div className="stack">
        {secret === null ? (
          <p>{words.secretGone}</p>
        ) : (
          <>
            <p>{words.secretText}</p>
            <p>
              <Copyable value={secret} name={words.secret} />
            </p>
          </>
        )}
        <div className="form-actions">
          <Button look="primary" onClick={onClose}>
            {words.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
