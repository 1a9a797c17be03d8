import { Field } from '../../../design/controls/field.tsx';
import { useWords } from '../../../messages/catalogue.ts';
import { rulesWords } from '../../../messages/words.ts';
import { useProblemText } from '../../../states/problem.tsx';
import type { TypedJson } from '../json-text.ts';

export interface JsonAreaProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly typed: TypedJson;
  /** What the server says, with pointers into this object. */
  readonly faults: readonly { readonly pointer: string; readonly code: string; readonly message: string }[];
  readonly isReadOnly?: boolean;
  readonly rows?: number;
}

/** A JSON object to type. A fault is named by its pointer. */
export function JsonArea({ label, hint, value, onChange, typed, faults, isReadOnly, rows = 12 }: JsonAreaProps) {
  const words = useWords(rulesWords);
  const [fault] = faults;
  const unreadable = typed.object ? undefined : typed.says === null ? words.notObject : words.notJson(typed.says);
  const textOf = useProblemText();
  const error = unreadable ?? (fault && sentenceOf(fault));

  function sentenceOf({ pointer, code, message }: (typeof faults)[number]): string {
    const translated = textOf({ code, detail: message });
    // The server's own sentence names the place already.
    return translated === message ? message : `${words.brokenAt(pointer || words.wholeSchema)}: ${translated}`;
  }

  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => (
        <textarea
          {...control}
          className="input json"
          rows={rows}
          spellCheck={false}
          translate="no"
          readOnly={isReadOnly}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
