import { useAsk } from '../../api/queries.ts';
import { Money } from '../../design/data/money.tsx';
import { useWords } from '../../messages/catalogue.ts';
import { accountWords } from '../../messages/words.ts';
import { Empty, Loaded } from '../../states/loaded.tsx';
import { endOf } from './as-of.tsx';

/** The balances of a person, now or at the end of a day of the reader's zone. */
export function Balances({ personId, day }: { readonly personId: string; readonly day: string | undefined }) {
  const words = useWords(accountWords);
  const at = endOf(day);
  const account = useAsk('getAccount', { path: { id: personId }, query: { at } }, { keepsPrevious: true });
  const empty = (
    <Empty title={words.noMoneyTitle}>
      <p>{words.noMoneyText}</p>
    </Empty>
  );
  return (
    <Loaded of={account} isEmpty={({ balances }) => balances.length === 0} empty={empty}>
      {({ balances }) =>
        balances.map(({ currency, available_minor, reserved_minor, posted_minor, owed_minor }) => (
          <dl key={currency} className="figures">
            <div className="figure">
              <dt>{words.available}</dt>
              <dd>
                <Money minor={available_minor} currency={currency} />
              </dd>
              <dd className="note">{words.availableNote}</dd>
            </div>
            <div className="figure">
              <dt>{words.reserved}</dt>
              <dd>
                <Money minor={reserved_minor} currency={currency} />
              </dd>
              <dd className="note">{words.reservedNote}</dd>
            </div>
            <div className="figure">
              <dt>{words.posted}</dt>
              <dd>
                <Money minor={posted_minor} currency={currency} />
              </dd>
            </div>
            {owed_minor > 0 && (
              <div className="figure">
                <dt>{words.owed}</dt>
                <dd>
                  <Money minor={owed_minor} currency={currency} />
                </dd>
                <dd className="note">{words.owedNote}</dd>
              </div>
            )}
          </dl>
        ))
      }
    </Loaded>
  );
}
