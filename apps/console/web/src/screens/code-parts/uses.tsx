import { useWords } from '../../messages/catalogue.ts';
import { useLocale } from '../../messages/language.ts';
import { codesWords } from '../../messages/words.ts';

export interface UsesProps {
  readonly used: number;
  readonly held: number;
  readonly maxUses: number | null;
  readonly remaining: number | null;
}

/** What remains of the limit, exactly, with what is held shown apart. */
export function UsesMeter({ used, held, maxUses, remaining }: UsesProps) {
  const words = useWords(codesWords);
  const number = new Intl.NumberFormat(useLocale());
  const share = (count: number) => ({ inlineSize: `${maxUses ? (count / maxUses) * 100 : 0}%` });
  return (
    <div className="meter">
      <span className="strong">{remaining === null ? words.usesUnlimited : words.usesRemaining(remaining)}</span>
      {maxUses !== null && (
        <span className="track" aria-hidden="true">
          <span className="used" style={share(used)} />
          <span className="held" style={share(held)} />
        </span>
      )}
      <span className="small soft">
        {words.used} {number.format(used)} · {words.held} {number.format(held)}
        {maxUses !== null && ` · ${words.maxUses(maxUses)}`}
      </span>
    </div>
  );
}
